// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// What starts threads in frameworks: each writes what the callers read. What
// runs on a loop is on the thread that the loop's owner is on.

namespace boost::asio {
class thread_pool {
public:
  template <class F> void post(F);
};
class io_context {
public:
  template <class F> void post(F);
};
class steady_timer;
template <class E, class F> void post(E &, F);
} // namespace boost::asio
namespace kudu {
class Status {};
class Thread {
public:
  template <class F> static Status Create(const char *, const char *, F, Thread **);
};
class Webserver {
public:
  template <class F> void RegisterPathHandler(const char *, const char *, F, bool, bool);
};
} // namespace kudu
namespace rocksdb {
class Env {
public:
  virtual void Schedule(void (*)(void *), void *, int) = 0;
  virtual void StartThread(void (*)(void *), void *) = 0;
};
} // namespace rocksdb
namespace process {
template <class P, class F> void dispatch(const P &, F);
template <class F> void async(F);
} // namespace process
extern "C" {
struct GThread;
GThread *g_thread_new(const char *, void *(*)(void *), void *);
unsigned g_idle_add(int (*)(void *), void *);
int bthread_start_background(unsigned long *, const void *, void *(*)(void *), void *);
struct event_base;
struct event;
event *event_new(event_base *, int, short, void (*)(int, short, void *), void *);
}

class AsioMember {
public:
  void start(boost::asio::thread_pool &P) {
    P.post([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};

class AsioFree {
public:
  void start(boost::asio::thread_pool &P) {
    boost::asio::post(P, [this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};

class AsioLoop {
public:
  void start(boost::asio::io_context &C) {
    C.post([this] { ++N; });
    boost::asio::post(C, [this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
};

class KuduThread {
public:
  void start(kudu::Thread **T) {
    kudu::Thread::Create("a", "b", [this] { ++N; }, T);
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};

// The web server's threads look at what the tablet's thread changes.
class KuduPage {
public:
  void start(kudu::Webserver &S) {
    S.RegisterPathHandler("/rows", "Rows", [this](int &Out) { Out = Rows; }, true, true);
  }
  void write() { ++Rows; }

private:
  int Rows = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Rows' is touched
};

class RocksJob {
public:
  explicit RocksJob(rocksdb::Env *E) : E(E) {}
  void schedule() { E->Schedule(&RocksJob::work, this, 0); }
  int get() const { return N; }

private:
  static void work(void *Self) { ++static_cast<RocksJob *>(Self)->N; }
  rocksdb::Env *E;
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};

// A process of Mesos runs what is dispatched to it one after the other.
class MesosProcess {
public:
  void add(int Self) {
    process::dispatch(Self, [this] { ++Here; });
    process::async([this] { ++There; });
  }
  int here() const { return Here; }
  int there() const { return There; }

private:
  int Here = 0;  // only touched in the context of one thread
  int There = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'There' is touched
};

static int GlibN; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'GlibN' is touched
static int GlibLoopN; // single-threaded
static void *glibThread(void *A) {
  ++GlibN;
  return A;
}
static int glibIdle(void *) { return ++GlibLoopN; }
void startGlib() {
  g_thread_new("worker", glibThread, nullptr);
  g_idle_add(glibIdle, nullptr);
}
int getGlib() { return GlibN + GlibLoopN; }

static int BrpcN; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'BrpcN' is touched
static void *brpcThread(void *A) {
  ++BrpcN;
  return A;
}
void startBrpc(unsigned long *T) { bthread_start_background(T, nullptr, brpcThread, nullptr); }
int getBrpc() { return BrpcN; }

static int EventN; // single-threaded
static void onEvent(int, short, void *) { ++EventN; }
void startEvent(event_base *B) { event_new(B, 0, 0, onEvent, nullptr); }
int getEvent() { return EventN; }

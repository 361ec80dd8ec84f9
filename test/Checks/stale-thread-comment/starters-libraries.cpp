// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// What starts threads in libraries: each writes what the callers read. What
// runs on an event loop is on the thread that the loop's owner is on.

#include <thread>

namespace boost {
class thread {
public:
  template <class F> explicit thread(F);
};
} // namespace boost
namespace tbb {
class task_group {
public:
  template <class F> void run(const F &);
};
template <class I, class F> void parallel_for(I, I, const F &);
} // namespace tbb
namespace folly {
class CPUThreadPoolExecutor {
public:
  template <class F> void add(F);
};
class EventBase {
public:
  template <class F> void runInEventBaseThread(F);
};
class FunctionScheduler {
public:
  template <class F> void addFunction(F, int, const char *);
};
} // namespace folly
class QThread {
public:
  virtual ~QThread();
  void start();
  template <class F> static QThread *create(F);

protected:
  virtual void run();
};
class QRunnable;
class QTimer {
public:
  template <class F> static void singleShot(int, F);
};
namespace QtConcurrent {
template <class F> void run(F);
}
struct uv_loop_t;
struct uv_work_t {
  uv_loop_t *loop;
};
struct uv_thread_t;
struct uv_timer_t;
extern "C" {
int uv_thread_create(uv_thread_t *, void (*)(void *), void *);
int uv_queue_work(uv_loop_t *, uv_work_t *, void (*)(uv_work_t *), void (*)(uv_work_t *, int));
int uv_timer_start(uv_timer_t *, void (*)(uv_timer_t *), int, int);
struct event_base;
struct event;
event *event_new(event_base *, int, short, void (*)(int, short, void *), void *);
}

class Boost {
public:
  void start() {
    boost::thread([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};

class TbbGroup {
public:
  void start() {
    G.run([this] { ++N; });
  }
  int get() const { return N; }

private:
  tbb::task_group G;
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};

// The caller waits, the loop's threads do not wait for each other.
class TbbFor {
public:
  void start() {
    tbb::parallel_for(0, 9, [this](int) { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};
class TbbForReads {
public:
  void start() {
    tbb::parallel_for(0, 9, [this](int) { use(N); });
  }
  void set() { ++N; }

private:
  static void use(int);
  int N = 0; // single-threaded
};

class FollyPool {
public:
  void start(folly::CPUThreadPoolExecutor &E) {
    E.add([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};

class FollyScheduler {
public:
  void start(folly::FunctionScheduler &E) {
    E.addFunction([this] { ++N; }, 10, "count");
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};

class FollyLoop {
public:
  void start(folly::EventBase &E) {
    E.runInEventBaseThread([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // only used in the event base thread
};

class QtThread : public QThread {
public:
  int get() const { return N; }

protected:
  void run() override { ++N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};
void startQt(QtThread &T) { T.start(); }

class QtCreated {
public:
  void start() {
    QThread::create([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};

class QtRun {
public:
  void start() {
    QtConcurrent::run([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};

class QtTimer {
public:
  void start() {
    QTimer::singleShot(10, [this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
};

static int UvThread; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'UvThread' is touched
static void uvLoop(void *) { ++UvThread; }
void startUv(uv_thread_t *T) { uv_thread_create(T, uvLoop, nullptr); }
int getUv() { return UvThread; }

static int UvWork; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'UvWork' is touched
static int UvDone; // single-threaded
static void uvWork(uv_work_t *) { ++UvWork; }
static void uvDone(uv_work_t *, int) { ++UvDone; }
void queueUv(uv_loop_t *L, uv_work_t *W) { uv_queue_work(L, W, uvWork, uvDone); }
int getUvWork() { return UvWork + UvDone; }

static int UvTimer; // single-threaded
static void uvTimer(uv_timer_t *) { ++UvTimer; }
void startUvTimer(uv_timer_t *T) { uv_timer_start(T, uvTimer, 1, 1); }
int getUvTimer() { return UvTimer; }

static int Event; // single-threaded
static void onEvent(int, short, void *) { ++Event; }
void startEvent(event_base *B) { event_new(B, 1, 1, onEvent, nullptr); }
int getEvent() { return Event; }

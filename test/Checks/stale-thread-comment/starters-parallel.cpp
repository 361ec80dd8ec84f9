// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// Parallel algorithms, handlers of remote calls, and classes that are called
// thread pools.

namespace std {
namespace execution {
class sequenced_policy {};
class parallel_policy {};
class parallel_unsequenced_policy {};
inline constexpr sequenced_policy seq{};
inline constexpr parallel_policy par{};
inline constexpr parallel_unsequenced_policy par_unseq{};
} // namespace execution
template <class P, class I, class F> void for_each(P &&, I, I, F);
template <class I, class F> void for_each(I, I, F);
template <class P, class I, class O, class F> O transform(P &&, I, I, O, F);
} // namespace std
namespace grpc {
class ServerContext;
class Status {};
class ClientContext;
} // namespace grpc

class Mesher {
public:
  void parallel(int *B, int *E) {
    std::for_each(std::execution::par, B, E, [this](int &) { ++Parallel; });
  }
  void unsequenced(int *B, int *E) {
    std::transform(std::execution::par_unseq, B, E, B, [this](int &V) { return V + ++Unsequenced; });
  }
  void sequenced(int *B, int *E) {
    std::for_each(std::execution::seq, B, E, [this](int &) { ++Sequenced; });
    std::for_each(B, E, [this](int &) { ++Plain; });
  }
  void read(int *B, int *E) {
    std::for_each(std::execution::par, B, E, [this](int &V) { V = Read; });
  }
  void write() { ++Read; }

private:
  int Parallel = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Parallel' is touched
  int Unsequenced = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Unsequenced' is touched
  int Sequenced = 0; // single-threaded
  int Plain = 0;     // single-threaded
  // The caller waits for the loop.
  int Read = 0; // single-threaded
};

// What a library's server threads call.
class EchoService {
public:
  virtual ~EchoService();
  virtual grpc::Status Echo(grpc::ServerContext *, const int *, int *) = 0;
  virtual grpc::Status Client(grpc::ClientContext *, const int *, int *) = 0;
};
class EchoImpl final : public EchoService {
public:
  grpc::Status Echo(grpc::ServerContext *, const int *In, int *Out) override {
    ++Calls;
    *Out = *In;
    return {};
  }
  grpc::Status Client(grpc::ClientContext *, const int *, int *) override {
    ++Sent;
    return {};
  }
  // Not virtual: nobody but us calls it.
  void helper(grpc::ServerContext *) { ++Helped; }

private:
  int Calls = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Calls' is touched
  int Sent = 0;   // single-threaded
  int Helped = 0; // single-threaded
};

namespace app {
class ThreadPool {
public:
  template <class F> void Submit(F);
  template <class F> void forEach(F);
  int size() const;
};
class ConnectionPool {
public:
  template <class F> void Submit(F);
};
} // namespace app

class Job {
public:
  void submit(app::ThreadPool &P) {
    P.Submit([this] { ++Done; });
  }
  int done() const { return Done; }
  // No pool of threads, and no way to start anything.
  void other(app::ConnectionPool &P, app::ThreadPool &T) {
    P.Submit([this] { ++Others; });
    T.forEach([this] { ++Others; });
  }
  int others(app::ThreadPool &T) const { return Others + T.size(); }

private:
  int Done = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Done' is touched
  int Others = 0; // single-threaded
};

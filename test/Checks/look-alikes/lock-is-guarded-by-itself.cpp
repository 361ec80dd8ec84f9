// RUN: %check_race %s 'race-*' -- -std=c++17
// Must stay silent: "State below is protected by mutex_" also takes the mutex itself (and atomics, condition variables)
// for state: locking it is "written ... without a lock".
#include <mutex>
#include <thread>
class Db {
public:
  void start() { t_ = std::thread([this] { add(); }); }
  void add() {
    mu_.lock();
    n_++;
    mu_.unlock();
    work();
    mu_.lock();
    n_++;
    mu_.unlock();
  }
private:
  void work();
  // State below is protected by mu_
  std::mutex mu_;
  int n_ = 0;
  std::thread t_;
};
void run(Db &d) { d.start(); d.add(); }

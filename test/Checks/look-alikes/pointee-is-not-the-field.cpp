// RUN: %check_race %s 'race-*' -- -std=c++17
// Must stay silent: `imm_` is read under the lock into a local and pinned; what it points to is then used without the lock.
// The access path (*this).imm_.* counts as a touch of imm_ itself: the steps behind a Deref should not.
// (leveldb DBImpl::Get)
#include <mutex>
#include <thread>
struct Mem { int get(); int n = 0; };
class Db {
public:
  void start() { t_ = std::thread([this] { compact(); }); }
  int get() {
    mu_.lock();
    Mem *imm = imm_;
    mu_.unlock();
    return imm ? imm->get() : 0;
  }
private:
  void compact() {
    mu_.lock();
    imm_ = nullptr;
    mu_.unlock();
  }
  std::mutex mu_;
  // protected by mu_
  Mem *imm_ = nullptr;
  std::thread t_;
};
int run(Db &d) { d.start(); return d.get(); }

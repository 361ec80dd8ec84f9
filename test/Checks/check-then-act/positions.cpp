// RUN: %check_race %s race-check-then-act
//
// A position in a sequence relies on its size.

#include <mutex>
#include <vector>

class Rows {
public:
  size_t size() const {
    std::lock_guard<std::mutex> Lock(Mu);
    return V.size();
  }
  int at(size_t I) const {
    std::lock_guard<std::mutex> Lock(Mu);
    return V[I];
  }
  void add(int N) {
    std::lock_guard<std::mutex> Lock(Mu);
    V.push_back(N);
  }
  void drop() {
    std::lock_guard<std::mutex> Lock(Mu);
    V.pop_back();
  }
  bool get(size_t I, int &N) const {
    std::lock_guard<std::mutex> Lock(Mu);
    if (I >= V.size())
      return false;
    N = V[I];
    return true;
  }

private:
  mutable std::mutex Mu;
  std::vector<int> V;
};

int lastBad(Rows &R) {
  if (R.size() > 3)
    return R.at(3);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'R': another thread can change it between 'size' and 'at'
  return 0;
}

int lastGood(Rows &R) {
  int N = 0;
  return R.get(3, N) ? N : 0;
}

void addGood(Rows &R, int N) {
  if (R.size() < 3)
    R.add(N);
}

int localGood() {
  Rows R;
  R.add(1);
  return R.size() > 0 ? R.at(0) : 0;
}

// Nothing is ever taken out: what was there stays there.
class Journal {
public:
  size_t size() const {
    std::lock_guard<std::mutex> Lock(Mu);
    return V.size();
  }
  int at(size_t I) const {
    std::lock_guard<std::mutex> Lock(Mu);
    return V[I];
  }
  void add(int N) {
    std::lock_guard<std::mutex> Lock(Mu);
    V.push_back(N);
  }

private:
  mutable std::mutex Mu;
  std::vector<int> V;
};

int thirdGood(Journal &J) {
  if (J.size() > 3)
    return J.at(3);
  return 0;
}

// RUN: %check_race %s 'race-*' -- -std=c++17
// arrow 515410b2, acero/tpch_node.cc:786 and 1462. If the queue is empty more is
// produced and pushed: a push is right whatever is in the queue by then.
// Expect: silent.
#include <mutex>
#include <queue>
class Node {
  std::mutex M;
  std::queue<int> Q;
  int make();
public:
  int next() {
    int R = 0;
    bool From = false;
    {
      std::lock_guard<std::mutex> L(M);
      if (!Q.empty()) {
        R = Q.front();
        Q.pop();
        From = true;
      }
    }
    if (From)
      return R;
    R = make();
    int Rest = make();
    {
      std::lock_guard<std::mutex> L(M);
      for (int I = 1; I < Rest; ++I)
        Q.emplace(I);
    }
    return R;
  }
};

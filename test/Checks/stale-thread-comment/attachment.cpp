// RUN: %check_race %s race-stale-thread-comment
//
// Where a comment can stand.

#include <mutex>
#include <thread>

class Above {
public:
  void start() { T = std::thread(&Above::loop, this); }
  int get() const { return N; }

private:
  void loop() { ++N; }
  // Only used by the loop thread.
  int N = 0;
  // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "{{.*}}", but 'N' is touched
  int M = 0;
  std::thread T;
};

class Doc {
public:
  void start() { T = std::thread(&Doc::loop, this); }
  int get() const { return N; }

private:
  void loop() { ++N; }
  /// Only used by the loop thread.
  int N = 0;
  // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "{{.*}}", but 'N' is touched
  std::thread T;
};

class Block {
public:
  void start() { T = std::thread(&Block::loop, this); }
  int get() const { return N; }

private:
  void loop() { ++N; }
  /* How often it ran.
   * Only used by the loop thread.
   */
  int N = 0;
  // CHECK-MESSAGES: :[[@LINE-3]]: warning: comment says "{{.*}}", but 'N' is touched
  std::thread T;
};

class Trailing {
public:
  void start() { T = std::thread(&Trailing::loop, this); }
  int get() const { return N; }

private:
  void loop() { ++N; }
  int N = 0; // only used by the loop thread
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "{{.*}}", but 'N' is touched
  int Other = 0;
  std::thread T;
};

class Group {
public:
  void start() { T = std::thread(&Group::loop, this); }
  int get() const { return B; }

private:
  void loop() { ++A, ++B; }
  // Only used by the loop thread:
  int A = 0;
  int B = 0;
  // CHECK-MESSAGES: :[[@LINE-3]]: warning: comment says "{{.*}}", but 'B' is touched

  int C = 0;
  std::thread T;
};

// A field beyond the group's end is not spoken of.
class BeyondGroup {
public:
  void start() { T = std::thread(&BeyondGroup::loop, this); }
  int get() const { return C; }

private:
  void loop() { ++A, ++B, ++C; }
  // Only used by the loop thread:
  int A = 0;
  int B = 0;

  int C = 0;
  std::thread T;
};

class InBody {
public:
  void start() { T = std::thread(&InBody::loop, this); }
  int get() const {
    // No locking needed: only the loop thread calls this.
    return N;
    // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "{{.*}}", but 'N' is touched
  }

private:
  void loop() { ++N; }
  int N = 0;
  std::thread T;
};

// The comment stands on another statement.
class InOtherBody {
public:
  void start() { T = std::thread(&InOtherBody::loop, this); }
  int get() const { return N; }

private:
  void loop() {
    // No locking needed.
    ++Own;
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }
  std::mutex Mu;
  int Own = 0;
  int N = 0;
  std::thread T;
};

// Two comments, one about each.
class Neighbours {
public:
  void start() { T = std::thread(&Neighbours::loop, this); }
  int get() const { return B; }

private:
  void loop() { ++A, ++B; }
  int A = 0; // only used by the loop thread
  int B = 0; // read by everybody
  std::thread T;
};

static int Counter; // only used by the main thread
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "{{.*}}", but 'Counter' is touched
static int Quiet; // only used by the main thread

static void work() { ++Counter; }

int main() {
  std::thread T(work);
  ++Counter;
  ++Quiet;
  T.join();
  return Counter;
}

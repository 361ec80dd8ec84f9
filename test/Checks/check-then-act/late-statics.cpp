// RUN: %check_race %s race-check-then-act
//
// Static variables of functions. Their initialization is safe; to fill them
// when they are first needed is not.

#include <map>
#include <mutex>
#include <string>
#include <vector>

std::mutex Mu;
int Calls;
void threads() {
  std::lock_guard<std::mutex> Lock(Mu);
  ++Calls;
}
int compute(int);

bool isReservedBad(const std::string &Name) {
  static std::vector<std::string> Names;
  if (Names.empty()) {
    Names.push_back("root");
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Names': another thread can change it between 'empty' and 'push_back'
    // CHECK-NOTES: :[[@LINE-3]]: note: checked here; all threads that get here share it, and no lock is held
    Names.push_back("head");
  }
  return Names.front() == Name;
}

int rememberedBad(int K) {
  static std::map<int, int> Known;
  auto It = Known.find(K);
  if (It != Known.end())
    return It->second;
  return Known[K] = compute(K);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act on 'Known': another thread can change it between 'find' and 'operator[]'
}

bool isReservedGood(const std::string &Name) {
  static const std::vector<std::string> Names = [] {
    std::vector<std::string> Made;
    if (Made.empty())
      Made.push_back("root");
    return Made;
  }();
  return Names.front() == Name;
}

int ownGood(int K) {
  static thread_local std::map<int, int> Known;
  auto It = Known.find(K);
  if (It != Known.end())
    return It->second;
  return Known[K] = compute(K);
}

int lockedGood(int K) {
  static std::mutex Of;
  static std::map<int, int> Known;
  std::lock_guard<std::mutex> Lock(Of);
  auto It = Known.find(K);
  if (It != Known.end())
    return It->second;
  return Known[K] = compute(K);
}

// All callers that are seen hold the lock.
static int heldGood(int K) {
  static std::map<int, int> Known;
  auto It = Known.find(K);
  if (It != Known.end())
    return It->second;
  return Known[K] = compute(K);
}
int callsHeld(int K) {
  std::lock_guard<std::mutex> Lock(Mu);
  return heldGood(K);
}


// What is put there does not hang on what was there.
bool scratchGood(const std::string &Name) {
  static std::string Buffer;
  if (Name.empty())
    return false;
  Buffer = Name;
  return true;
}

// Names and comments that try to break the page: longer than any column, with
// every sign that means something in HTML.
#include <std.h>

struct AConnectionWhoseNameGoesOnAndOnUntilNoColumnOfAnyDrawingIsWideEnoughForIt {
  void write(const char *);
};
using Long = AConnectionWhoseNameGoesOnAndOnUntilNoColumnOfAnyDrawingIsWideEnoughForIt;
struct Pool {
  Long *get() {
    auto *C = Free.back();
    Free.pop_back();
    return C;
  }
  void put(Long *C) { Free.push_back(C); }
  std::vector<Long *> Free;
};

void serve(Pool &Pool) {
  Long *TheOneConnectionThatTheHandlerHasBorrowedForThisRequestAndForNoOther = Pool.get();
  Pool.put(TheOneConnectionThatTheHandlerHasBorrowedForThisRequestAndForNoOther); // </script><img src=x onerror=alert(1)><svg onload=alert(2)>
  TheOneConnectionThatTheHandlerHasBorrowedForThisRequestAndForNoOther->write("</code></pre><a href='javascript:alert(3)'>x</a>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}

std::mutex TheMutexUnderWhichAllOfTheRecordsAreKept_and_its_name_is_long;
std::map<int, int> Records;
int look(int Key) {
  std::lock_guard<std::mutex> G(TheMutexUnderWhichAllOfTheRecordsAreKept_and_its_name_is_long);
  auto It = Records.find(Key);
  return It == Records.end() ? 0 : It->second;
}
void keepTheRecordUnlessSomebodyElseHasKeptOneInTheMeantime(int Key, int Value) {
  std::lock_guard<std::mutex> G(TheMutexUnderWhichAllOfTheRecordsAreKept_and_its_name_is_long);
  Records[Key] = Value;
}
int get(int Key) {
  int Value = look(Key);
  if (Value == 0)
    keepTheRecordUnlessSomebodyElseHasKeptOneInTheMeantime(Key, Value = 7);
  return Value;
}

// Single-threaded </style></svg></title>--><script>alert(4)</script> & "' &lt; שלום <b>
int EntriesOfTheTableThatTheMetricsThreadCountsAlthoughItShouldNot;
void publishTheNumberOfEntriesToWhoeverWantsToKnowIt() {
  printf("%d", EntriesOfTheTableThatTheMetricsThreadCountsAlthoughItShouldNot);
}
int main() {
  static std::thread Watcher(publishTheNumberOfEntriesToWhoeverWantsToKnowIt);
  for (int I = 0; I < 100; ++I)
    ++EntriesOfTheTableThatTheMetricsThreadCountsAlthoughItShouldNot;
}

// What is said of a type of callbacks, about the calls of them.
//
// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
#include <functional>
#include <set>
#include <thread>
#include <vector>

enum class Stage { Begin, End };
enum class Level { Low, High };

// The callback is called on the engine thread.
typedef void (*StageFunc)(Stage);
// CHECK-MESSAGES: :[[@LINE-2]]:4: warning: comment says "The callback is called on the engine thread", but 'Func' is called by the thread that is started at line {{[0-9]+}}

static std::set<StageFunc> StageFuncs;
void listen(StageFunc F) { StageFuncs.insert(F); }
static void tell(Stage S) {
  for (auto Func : StageFuncs)
    Func(S);
}

// Called on the engine thread only.
using LevelFunc = std::function<void(Level)>;
// CHECK-MESSAGES: :[[@LINE-2]]:4: warning: comment says "Called on the engine thread only", but 'Callback' is called by the thread that is started at line {{[0-9]+}}

static LevelFunc Keep;
static void raise(const LevelFunc &Callback) { Callback(Level::High); }

// Called on the engine thread, and so it is.
typedef void (*TickFunc)(int);
static TickFunc Tick;

// Another type of the same shape.
typedef void (*TockFunc)(int);
static TockFunc Tock;

// May be called on any thread.
typedef void (*AnyFunc)(Level);
static AnyFunc Any;

// Not a callback: set on the engine thread.
typedef int Count;
static Count Number;

static std::thread EngineThread;
static std::thread LoaderThread;

static void engine() {
  tell(Stage::End);
  raise(Keep);
  Tick(Number);
}

void start() {
  EngineThread = std::thread(&engine);
  LoaderThread = std::thread([] {
    tell(Stage::Begin);
    raise(Keep);
    Tock(1);
    Any(Level::Low);
  });
}

// The callback is called on the engine thread: this is about it, not about who
// gives it.
class Loader {
public:
  // The callback is called on the engine thread.
  void setCallback(LevelFunc F) { Done = F; }
  void start() {
    Worker = std::thread([this] { setCallback(Keep); });
  }

private:
  LevelFunc Done;
  // The handler is called on the engine thread.
  int Handled = 0;
  std::thread Worker;
};

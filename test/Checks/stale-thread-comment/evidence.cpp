// Options that all checks have: the project's own thread starters, and how
// sure a finding must be.
//
// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread -I%source_dir/include
// RUN: %check_race %s race-stale-thread-comment --suffix=OWN "--config={CheckOptions: {race-stale-thread-comment.Models: '%S/Inputs/farm.yaml'}}" -- -std=c++17 -pthread -I%source_dir/include
// RUN: %check_race %s race-stale-thread-comment --suffix=SURE "--config={CheckOptions: {race-stale-thread-comment.MinEvidence: annotated}}" -- -std=c++17 -pthread -I%source_dir/include
#include <race/annotations.h>
#include <thread>

struct Farm;
void farm_submit(Farm *F, void (*Run)());
void farm_describe(Farm *F, void (*Run)());

static int Grown; // single-threaded
// CHECK-MESSAGES-OWN: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Grown' is touched by two threads
static void grow() { ++Grown; }
void plant(Farm *F) { farm_submit(F, grow); }
int grown() { return Grown; }

// No model of this one.
static int Described; // single-threaded
static void describe() { ++Described; }
void show(Farm *F) { farm_describe(F, describe); }
int described() { return Described; }

class Barn {
public:
  void start() {
    T = std::thread([this] { ++Said, ++Sworn; });
  }
  int get() const { return Said + Sworn; }

private:
  int Said = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Said' is touched by two threads
  // CHECK-MESSAGES-OWN: :[[@LINE-2]]: warning: comment says "single-threaded", but 'Said' is touched by two threads
  RACE_SINGLE_THREADED int Sworn = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: annotation says "confined", but 'Sworn' is touched by two threads
  // CHECK-MESSAGES-OWN: :[[@LINE-2]]: warning: annotation says "confined", but 'Sworn' is touched by two threads
  // CHECK-MESSAGES-SURE: :[[@LINE-3]]: warning: annotation says "confined", but 'Sworn' is touched by two threads
  std::thread T;
};

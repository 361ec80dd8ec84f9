// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// This file is single-threaded.
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: comment says "is single-threaded", but 'Registry' is touched

#include <thread>

static int Registry;
static const int Limit = 9;
static thread_local int Own;
// A claim of its own comes first.
static int Other; // not thread-safe
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "not thread-safe", but 'Other' is touched

void add() { Registry += Limit + ++Own + ++Other; }
static void scan() { add(); }
int both() { return Registry + Other; }
void start() { std::thread(scan).detach(); }

// Everything here is single-threaded: there is one parser at a time.
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "is single-threaded", but 'Next' is touched
namespace parser {
int Next;
struct Node {
  int Id;
};
int intern() { return Next++; }
} // namespace parser

int Behind;
static void parse() { Behind = parser::intern(); }
void startParsers() {
  std::thread(parse).detach();
  std::thread(parse).detach();
}

// Single-threaded tools and their helpers.
namespace tools {
int Count;
void count() { ++Count; }
} // namespace tools

// Not thread-safe.

namespace apart {
int Count;
void count() { ++Count; }
} // namespace apart

namespace alias = apart;

static void work() {
  tools::count();
  apart::count();
}
void startWork() {
  std::thread(work).detach();
  std::thread(work).detach();
}

// RUN: %check_race %s 'race-*' --allow-errors -- -std=c++17
// Crash (kudu, headers missing): clang's CFG builder is given the destructor of a
// class with a member of an unknown, incomplete type. Expect: no crash.
// clang-tidy exits with errors of the compiler only.
#include <mutex>
std::mutex M;
struct I;
struct C { I i; int a; ~C(); };
C::~C() { std::lock_guard<std::mutex> L(M); a = 1; }

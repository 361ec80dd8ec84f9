// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -fopenmp
//
// The threads of OpenMP's parallel regions.

#include <vector>

int hits;
// Looks Key up in the table. Not thread-safe.
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: comment says "Not thread-safe", but 'hits' is touched by two threads without a common lock
// CHECK-NOTES: :[[@LINE+7]]:3: note: read here by the task that runs 'parallel region of lookupAll', without a lock
// CHECK-NOTES: :[[@LINE+13]]:14: note: called here
// CHECK-NOTES: :[[@LINE+9]]:1: note: the thread is started here
// CHECK-NOTES: :[[@LINE+4]]:3: note: written here by the task that runs 'parallel region of lookupAll', without a lock
// CHECK-NOTES: :[[@LINE+10]]:14: note: called here
// CHECK-NOTES: :[[@LINE+6]]:1: note: the thread is started here
int lookup(const std::vector<int> &Table, int Key) {
  ++hits;
  return Table[Key];
}
void lookupAll(const std::vector<int> &Table, std::vector<int> &Out) {
#pragma omp parallel for
  for (int I = 0; I < int(Out.size()); ++I)
    // Each turn has its own element.
    Out[I] = lookup(Table, I);
}

// One thread only: as many as there are tables, but one after the other.
int misses; // single-threaded
int miss(const std::vector<int> &Table) {
  ++misses;
  return Table.front();
}
void missAll(const std::vector<std::vector<int>> &Tables) {
  for (const std::vector<int> &T : Tables)
    miss(T);
#pragma omp parallel
  {
    int Own = 0;
    ++Own;
  }
}

class Mesh {
public:
  void refine() {
#pragma omp parallel sections
    {
#pragma omp section
      ++Steps;
#pragma omp section
      ++Steps;
    }
  }
  void count() {
#pragma omp parallel for
    for (int I = 0; I < 9; ++I) {
#pragma omp critical
      ++Critical;
#pragma omp atomic
      ++Atomic;
    }
#pragma omp parallel
    {
#pragma omp single
      ++Single;
#pragma omp master
      ++Master;
    }
  }
  void fill() {
#pragma omp parallel for
    for (int I = 0; I < 9; ++I)
      Cells[I] = I;
  }

private:
  int Steps = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: comment says "single-threaded", but 'Steps' is touched
  int Critical = 0; // only touched by one thread
  int Atomic = 0;   // only touched by one thread
  int Single = 0;   // only touched by one thread
  int Master = 0;   // only touched by one thread
  int Cells[9];     // only touched by one thread
};

static int sum;      // only touched by one thread
static int scratch;  // only touched by one thread
static int counter;  // only touched by one thread
#pragma omp threadprivate(counter)
void reduce(const std::vector<int> &Values) {
#pragma omp parallel for reduction(+ : sum) private(scratch)
  for (int I = 0; I < int(Values.size()); ++I) {
    scratch = Values[I];
    sum += scratch;
    ++counter;
  }
}

template <class T> class Grid {
public:
  void touch() {
#pragma omp parallel
    ++Touched;
  }

private:
  int Touched = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Touched' is touched
};
template class Grid<int>;

// Reading together breaks nothing.
static int limit; // single-threaded
void readAll(std::vector<int> &Out) {
#pragma omp parallel for
  for (int I = 0; I < int(Out.size()); ++I)
    Out[I] = limit;
}
void setLimit(int N) { limit = N; }

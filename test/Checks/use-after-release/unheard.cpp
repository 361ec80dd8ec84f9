// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// What may hand back says so by its result; a helper that drops the result
// leaves its callers in the dark.

#include <list>
#include <memory>

struct Piece {
  int Dirty = 0, Users = 0, Number = 0;
  bool Doomed = false;
  std::list<std::unique_ptr<Piece>>::iterator Self;
};

class Cache {
public:
  // True if the piece is gone.
  bool maybeFree(Piece *P) {
    if (P->Users != 0 || P->Dirty != 0 || !P->Doomed)
      return false;
    Pieces.erase(P->Self);
    return true;
  }
  void flushed(Piece *P, int Blocks) {
    P->Dirty -= Blocks;
    maybeFree(P);
  }
  bool flushedAndTold(Piece *P, int Blocks) {
    P->Dirty -= Blocks;
    return maybeFree(P);
  }
  void flushedIf(Piece *P, bool Last) {
    if (Last)
      maybeFree(P);
  }

private:
  std::list<std::unique_ptr<Piece>> Pieces;
};

int bad(Cache &C, Piece *P) {
  C.flushed(P, 1);
  return P->Number;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'P' is used after it was removed by 'flushed'
}

int told(Cache &C, Piece *P) {
  if (C.flushedAndTold(P, 1))
    return 0;
  return P->Number;
}

int notListening(Cache &C, Piece *P) {
  C.flushedAndTold(P, 1);
  return P->Number;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'P' is used after it was removed by 'flushedAndTold'
}

// The caller may know that it is not the last.
int conditional(Cache &C, Piece *P) {
  C.flushedIf(P, false);
  return P->Number;
}

int before(Cache &C, Piece *P) {
  int N = P->Number;
  C.flushed(P, 1);
  return N;
}

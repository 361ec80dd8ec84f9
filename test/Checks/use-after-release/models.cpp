// RUN: %check_race %s race-use-after-release "--config={CheckOptions: {race-use-after-release.Models: '%S/Inputs/models.yaml'}}"
// RUN: %check_race %s race-use-after-release --suffix=NONE
//
// A user's model says what declarations do not. Without it there is nothing to
// say.

namespace db {
struct Row {
  int N;
};
class Store {
public:
  Row *borrow();
  void stow(Row *R);
  bool tryStow(Row *R);
};
} // namespace db
void row_unref(db::Row **R);
int row_close(db::Row *R);
void other(db::Row *R);

void giveBad(db::Store &S) {
  db::Row *R = S.borrow();
  S.stow(R);
  R->N = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'R' is used after it was handed back to 'S'
}

void giveGood(db::Store &S) {
  db::Row *R = S.borrow();
  R->N = 1;
  S.stow(R);
}

void tryGiveBad(db::Store &S) {
  db::Row *R = S.borrow();
  if (S.tryStow(R))
    R->N = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'R' is used after it was handed back to 'S'
}

void tryGiveGood(db::Store &S) {
  db::Row *R = S.borrow();
  if (!S.tryStow(R))
    R->N = 1;
}

void unrefGood(db::Row *R) {
  row_unref(&R);
  if (R)
    R->N = 1;
}

void unrefAliasBad(db::Row *R) {
  db::Row *Q = R;
  row_unref(&R);
  Q->N = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is used after it was handed back by 'row_unref'
}

int closeGood(db::Row *R) {
  if (row_close(R) < 0)
    return R->N;
  return 0;
}

int closeBad(db::Row *R) {
  if (row_close(R) < 0)
    return -1;
  return R->N;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'R' is used after it was handed back by 'row_close'
}

void otherGood(db::Row *R) {
  other(R);
  R->N = 1;
}

struct Marked;
int *mark_alloc(Marked *M);
void mark_free(Marked *M, int Mark);

int allBad(Marked *M) {
  int *P = mark_alloc(M);
  mark_free(M, 0);
  return *P;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'P' is used after it was handed back by 'mark_free'
}

int toAMark(Marked *M, int Mark) {
  int *P = mark_alloc(M);
  if (Mark)
    mark_free(M, Mark);
  return *P;
}

int ofAnother(Marked *M, Marked *Other) {
  int *P = mark_alloc(M);
  mark_free(Other, 0);
  return *P;
}

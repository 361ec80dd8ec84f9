// RUN: %check_race %s race-use-after-release
//
// Pools that keep what is free in an array with an index, or on a list
// threaded through the objects.

struct Buf {
  Buf *Next = nullptr;
  char Data[64];
  int Used = 0;
  void fill(int);
};

class ArrayPool {
public:
  Buf *get() {
    if (Count == 0)
      return new Buf;
    return Free[--Count];
  }
  void put(Buf *B) { Free[Count++] = B; }

private:
  Buf *Free[16];
  int Count = 0;
};

void arrayBad(ArrayPool &P) {
  Buf *B = P.get();
  P.put(B);
  B->fill(1);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'B' is used after it was handed back to 'P'
}

void arrayGood(ArrayPool &P) {
  Buf *B = P.get();
  B->fill(1);
  P.put(B);
}

class ArrayTwoSteps {
public:
  Buf *take() {
    if (Top == 0)
      return new Buf;
    Top--;
    Buf *B = Slots[Top];
    return B;
  }
  void giveBack(Buf *B) {
    Slots[Top] = B;
    Top++;
  }

private:
  Buf *Slots[16];
  int Top = 0;
};

int arrayTwoStepsGood(ArrayTwoSteps &P) {
  Buf *B = P.take();
  int N = B->Used;
  P.giveBack(B);
  return N;
}

class ListPool {
public:
  Buf *alloc() {
    if (!Head)
      return new Buf;
    Buf *B = Head;
    Head = B->Next;
    return B;
  }
  void free(Buf *B) {
    B->Next = Head;
    Head = B;
  }

private:
  Buf *Head = nullptr;
};

void listBad(ListPool &P) {
  Buf *B = P.alloc();
  P.free(B);
  B->Data[0] = 'x';
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'B' is used after it was handed back to 'P'
}

void listGood(ListPool &P) {
  Buf *B = P.alloc();
  B->Data[0] = 'x';
  P.free(B);
}

// An object that puts itself back.
class Node {
public:
  static Node *make() {
    if (!FreeNodes)
      return new Node;
    Node *N = FreeNodes;
    FreeNodes = N->Link;
    return N;
  }
  void recycle() {
    Link = FreeNodes;
    FreeNodes = this;
  }
  void visit();

private:
  Node *Link = nullptr;
  static Node *FreeNodes;
};

void selfBad() {
  Node *N = Node::make();
  N->recycle();
  N->visit();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'N' is used after it was handed back by 'recycle'
}

void selfGood() {
  Node *N = Node::make();
  N->visit();
  N->recycle();
}

// A queue of work has the same shape, but what is taken was not made by it.
class Queue {
public:
  void push(Buf *B) {
    B->Next = Head;
    Head = B;
  }
  Buf *pop() {
    if (!Head)
      return nullptr;
    Buf *B = Head;
    Head = B->Next;
    return B;
  }

private:
  Buf *Head = nullptr;
};

void queueGood(Queue &Q) {
  Buf *B = new Buf;
  Q.push(B);
  B->fill(1);
}

// A table by index is no free list.
class Table {
public:
  void set(int I, Buf *B) { Slots[I] = B; }
  Buf *get(int I) { return Slots[I]; }

private:
  Buf *Slots[16];
};

void tableGood(Table &T) {
  Buf *B = new Buf;
  T.set(3, B);
  B->fill(1);
}

// RUN: %check_race %s race-use-after-release -- -I%S/Inputs -std=c++17
//
// What leads into the object goes with it: iterators, views, addresses of
// elements and of text, by the library's containers and the project's getters.

#include "pool.h"
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

class Slice {
public:
  Slice(const char *Data, unsigned Size) : Data(Data), Size(Size) {}
  unsigned size() const { return Size; }

private:
  const char *Data;
  unsigned Size;
};

struct Text {
  ~Text();
  const char *c_str() const;
  const char *language() const;
};

struct Queue {
  ~Queue();
  Peer &front();
};

struct Row {
  std::string Name;
  std::vector<int> Values;
  std::vector<Peer *> Peers;
  std::map<int, Peer> ByPort;
  std::array<char, 16> Key;
  std::tuple<int, int> Range;
  std::optional<Peer> Last;
  std::string_view Source;
  const char *Origin;
  char Raw[16];
  Text Title;
  Queue Waiting;

  const char *name() const { return Name.c_str(); }
  std::string_view view() const { return Name; }
  const char *raw() const { return Raw; }
  int *first() { return &Values[0]; }
  Peer *peer() { return Peers[0]; }
  std::string_view source() const { return Source; }
  const char *origin() const { return Origin; }
};

struct Rows {
  Row *get();
  void put(Row *R);
};

void send(std::string_view Text);
void send(Slice Text);
void look(const void *P);
void look(int N);

void textBad(Rows &P) {
  Row *R = P.get();
  const char *Name = R->Name.c_str();
  P.put(R);
  look(Name);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Name' is used after it was handed back to 'P'
}

void viewBad(Rows &P) {
  Row *R = P.get();
  std::string_view Name = R->Name;
  P.put(R);
  send(Name);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Name' is used after it was handed back to 'P'
}

void viewOfArrayBad(Rows &P) {
  Row *R = P.get();
  std::string_view Raw(R->Raw, 8);
  P.put(R);
  send(Raw.substr(1));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Raw' is used after it was handed back to 'P'
}

void sliceBad(Rows &P) {
  Row *R = P.get();
  Slice S(R->Raw, 8);
  P.put(R);
  send(S);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'S' is used after it was handed back to 'P'
}

void elementBad(Rows &P) {
  Row *R = P.get();
  int &First = R->Values[0];
  P.put(R);
  First = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'First' is used after it was handed back to 'P'
}

void iteratorBad(Rows &P) {
  Row *R = P.get();
  auto It = R->ByPort.find(1);
  P.put(R);
  look(It->second.Port);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'It' is used after it was handed back to 'P'
}

void tupleBad(Rows &P) {
  Row *R = P.get();
  auto &First = std::get<0>(R->Range);
  P.put(R);
  look(First);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'First' is used after it was handed back to 'P'
}

void optionalBad(Rows &P) {
  Row *R = P.get();
  Peer &Last = *R->Last;
  P.put(R);
  look(Last.Port);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'Last' is used after it was handed back to 'P'
}

void getterBad(Rows &P) {
  Row *R = P.get();
  const char *Name = R->name();
  P.put(R);
  look(Name);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Name' is used after it was handed back to 'P'
}

void viewGetterBad(Rows &P) {
  Row *R = P.get();
  auto Name = R->view();
  P.put(R);
  send(Name);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Name' is used after it was handed back to 'P'
}

void arrayGetterBad(Rows &P) {
  Row *R = P.get();
  const char *Raw = R->raw();
  P.put(R);
  look(Raw);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'R' is used after it was handed back to 'P'
}

void elementGetterBad(Rows &P) {
  Row *R = P.get();
  int *First = R->first();
  P.put(R);
  *First = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'First' is used after it was handed back to 'P'
}

void ownStringBad(Rows &P) {
  Row *R = P.get();
  const char *Title = R->Title.c_str();
  P.put(R);
  look(Title);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Title' is used after it was handed back to 'P'
}

const char *returnedBad(Rows &P) {
  Row *R = P.get();
  const char *Name = R->Name.data();
  P.put(R);
  return Name;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Name' is returned after it was handed back to 'P'
}

void boundBad(Rows &P) {
  Row *R = P.get();
  auto Name = std::ref(R->Name);
  P.put(R);
  look(Name.get().size());
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'Name' is used after it was handed back to 'P'
}

void copiedTextGood(Rows &P) {
  Row *R = P.get();
  std::string Name(R->view());
  int First = R->Values[0];
  auto Values = R->Values;
  int *Mine = Values.data();
  P.put(R);
  send(Name);
  look(First);
  *Mine = 1;
}

void movedOutGood(Rows &P) {
  Row *R = P.get();
  std::vector<int> Values = std::move(R->Values);
  int *Mine = Values.data();
  P.put(R);
  *Mine = 1;
}

void beforeGood(Rows &P) {
  Row *R = P.get();
  std::string_view Name = R->Name;
  send(Name);
  P.put(R);
}

void lengthGood(Rows &P) {
  Row *R = P.get();
  std::string_view Name = R->Name;
  P.put(R);
  look(Name.size());
  if (Name.empty())
    look(1);
}

void otherViewGood(Rows &P, const std::string &Other) {
  Row *R = P.get();
  std::string_view Name = R->Name;
  send(Name);
  P.put(R);
  Name = Other;
  send(Name);
}

// What an element points to is an object of its own.
void pointerInElementGood(Rows &P) {
  Row *R = P.get();
  Peer *First = R->Peers[0];
  Peer *Second = R->peer();
  P.put(R);
  First->Port = 1;
  Second->Port = 2;
}

// What the row only shows or names lies elsewhere.
void shownGood(Rows &P) {
  Row *R = P.get();
  std::string_view Source = R->source();
  const char *Data = R->Source.data();
  const char *Origin = R->origin();
  const char *Language = R->Title.language();
  P.put(R);
  send(Source);
  look(Data);
  look(Origin);
  look(Language);
}

// A list of the project need not own its elements.
void ownListGood(Rows &P) {
  Row *R = P.get();
  Peer &First = R->Waiting.front();
  P.put(R);
  First.Port = 1;
}

void nextTurnGood(Rows &P) {
  const char *Name = nullptr;
  while (cond()) {
    Row *R = P.get();
    Name = R->Name.c_str();
    look(Name);
    P.put(R);
  }
}

void otherRowGood(Rows &P, Row *Other) {
  Row *R = P.get();
  const char *Name = Other->Name.c_str();
  P.put(R);
  look(Name);
}

void oneBranchGood(Rows &P) {
  Row *R = P.get();
  const char *Name = "";
  if (cond())
    Name = R->Name.c_str();
  look(Name);
  P.put(R);
  Name = "";
  look(Name);
}

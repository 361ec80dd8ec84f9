// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// brpc: pools of objects and of ids, blocks that are counted.

#include <atomic>
#include <cstdint>

namespace butil {
template <typename T> struct ResourceId {
  uint64_t value;
};
template <typename T> T *get_object();
template <typename T> int return_object(T *ptr);
template <typename T> T *get_resource(ResourceId<T> *id);
template <typename T> int return_resource(ResourceId<T> id);
template <typename T> T *address_resource(ResourceId<T> id);
namespace iobuf {
struct Block;
}
} // namespace butil

namespace brpc {
struct Controller {
  int error = 0;
  int64_t begin = 0;
  void SetFailed(int e) { error = e; }
  bool Failed() const { return error != 0; }
};
struct Span {
  int64_t id = 0;
};

void ReleaseController(Controller *c) { butil::return_object(c); }

int64_t finishBad(Controller *c) {
  ReleaseController(c);
  return c->begin;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'c' is used after it was handed back by 'ReleaseController'
}

int64_t finishGood(Controller *c) {
  int64_t begin = c->begin;
  ReleaseController(c);
  return begin;
}

bool serveBad(int request) {
  Controller *c = butil::get_object<Controller>();
  bool ok = false;
  do {
    if (request < 0) {
      butil::return_object(c);
      break;
    }
    ok = true;
  } while (false);
  return ok && c->Failed() ? false : c->error == 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: 'c' is used after it was handed back by 'return_object'
}

bool serveGood(int request) {
  Controller *c = butil::get_object<Controller>();
  if (request < 0) {
    butil::return_object(c);
    return false;
  }
  bool ok = !c->Failed();
  butil::return_object(c);
  return ok;
}

// An id that others may have by now.
Span *idBad(butil::ResourceId<Span> id) {
  butil::return_resource(id);
  return butil::address_resource(id);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'id' is used after it was handed back by 'return_resource'
}
} // namespace brpc

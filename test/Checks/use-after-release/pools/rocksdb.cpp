// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// RocksDB's handles of a cache and snapshots, Kudu's contexts that end when
// they are answered.

#include <cstdint>
#include <string>

namespace rocksdb {
struct Slice {};
class Cache {
public:
  struct Handle {};
  Handle *Lookup(const Slice &key);
  void *Value(Handle *handle);
  size_t GetCharge(Handle *handle) const;
  bool Release(Handle *handle, bool erase_if_last_ref = false);
  bool Ref(Handle *handle);
};
class Snapshot {
public:
  virtual uint64_t GetSequenceNumber() const = 0;
};
class DB {
public:
  const Snapshot *GetSnapshot();
  void ReleaseSnapshot(const Snapshot *snapshot);
};

struct Block {
  int Rows = 0;
};

int rowsBad(Cache *cache, const Slice &key) {
  Cache::Handle *h = cache->Lookup(key);
  if (!h)
    return -1;
  cache->Release(h);
  auto *b = static_cast<Block *>(cache->Value(h));
  // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: 'h' is used after it was handed back to 'cache'
  return b->Rows;
}

int rowsGood(Cache *cache, const Slice &key) {
  Cache::Handle *h = cache->Lookup(key);
  if (!h)
    return -1;
  int rows = static_cast<Block *>(cache->Value(h))->Rows;
  cache->Release(h);
  return rows;
}

uint64_t sequenceBad(DB *db) {
  const Snapshot *s = db->GetSnapshot();
  db->ReleaseSnapshot(s);
  return s->GetSequenceNumber();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 's' is used after it was handed back to 'db'
}
} // namespace rocksdb

namespace kudu {
namespace rpc {
class RpcContext {
public:
  void RespondSuccess();
  void RespondFailure(const std::string &status);
  const std::string &requestor() const;
};
} // namespace rpc

void log(const std::string &);

void pingBad(rpc::RpcContext *context) {
  context->RespondSuccess();
  log(context->requestor());
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'context' is used after it was handed back by 'RespondSuccess'
}

static bool checkOrRespond(bool ok, rpc::RpcContext *context) {
  if (!ok) {
    context->RespondFailure("not allowed");
    return false;
  }
  return true;
}

void writeBad(bool ok, rpc::RpcContext *context) {
  checkOrRespond(ok, context);
  context->RespondSuccess();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'context' is used after it was handed back by 'checkOrRespond'
}

void writeGood(bool ok, rpc::RpcContext *context) {
  if (!checkOrRespond(ok, context))
    return;
  log(context->requestor());
  context->RespondSuccess();
}
} // namespace kudu

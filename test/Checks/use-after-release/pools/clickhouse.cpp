// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// ClickHouse and mysqlxx: an entry of a pool, and the plain pointer in it.

#include <memory>

class Connection {
public:
  void query(const char *);
  bool ok = true;
};

namespace mysqlxx {
class Pool {
public:
  class Entry {
  public:
    Entry();
    ~Entry();
    Entry(Entry &&) noexcept;
    Connection *operator->();
    Connection &operator*();
    bool isNull() const;
    void disconnect();
  };
  Entry get();
};
} // namespace mysqlxx

void good(mysqlxx::Pool &pool) {
  mysqlxx::Pool::Entry entry = pool.get();
  entry->query("select 1");
  if (!entry->ok)
    return;
  entry->query("commit");
}

class Sessions {
public:
  Connection *borrow();
  void giveBack(Connection *c);
};

struct Return {
  Sessions *from;
  void operator()(Connection *c) const { from->giveBack(c); }
};
using Handle = std::unique_ptr<Connection, Return>;

void resetBad(Sessions &sessions) {
  Handle handle(sessions.borrow(), Return{&sessions});
  Connection *raw = handle.get();
  raw->query("select 1");
  handle.reset();
  raw->query("rollback");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'raw' is used after it was handed back by 'reset'
}

void resetGood(Sessions &sessions) {
  Handle handle(sessions.borrow(), Return{&sessions});
  Connection *raw = handle.get();
  raw->query("select 1");
  raw->query("rollback");
  handle.reset();
}

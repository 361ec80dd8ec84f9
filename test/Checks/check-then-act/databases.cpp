// RUN: %check_race %s race-check-then-act
//
// Databases: SELECT, then INSERT, and nothing that makes the two one.

struct sqlite3;
struct sqlite3_stmt;
extern "C" {
int sqlite3_prepare_v2(sqlite3 *, const char *, int, sqlite3_stmt **,
                       const char **);
int sqlite3_step(sqlite3_stmt *);
int sqlite3_finalize(sqlite3_stmt *);
int sqlite3_exec(sqlite3 *, const char *, int (*)(void *, int, char **, char **),
                 void *, char **);
}
#define SQLITE_ROW 100
#define SQLITE_CONSTRAINT 19

int addUserBad(sqlite3 *Db) {
  sqlite3_stmt *S = nullptr;
  sqlite3_prepare_v2(Db, "SELECT id FROM users WHERE name = ?", -1, &S, nullptr);
  bool Found = sqlite3_step(S) == SQLITE_ROW;
  sqlite3_finalize(S);
  if (Found)
    return 0;
  return sqlite3_exec(Db, "INSERT INTO users(name) VALUES ('x')", nullptr,
                      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'users': another thread can change it between 'SELECT' and 'INSERT'
                      // CHECK-NOTES: :[[@LINE-2]]: note: let the database decide
                      nullptr, nullptr);
}

int addUserSettledGood(sqlite3 *Db) {
  sqlite3_stmt *S = nullptr;
  sqlite3_prepare_v2(Db, "SELECT id FROM users WHERE name = ?", -1, &S, nullptr);
  bool Found = sqlite3_step(S) == SQLITE_ROW;
  sqlite3_finalize(S);
  if (Found)
    return 0;
  return sqlite3_exec(Db, "INSERT OR IGNORE INTO users(name) VALUES ('x')",
                      nullptr, nullptr, nullptr);
}

int addUserTransactionGood(sqlite3 *Db) {
  sqlite3_exec(Db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  sqlite3_stmt *S = nullptr;
  sqlite3_prepare_v2(Db, "SELECT id FROM users WHERE name = ?", -1, &S, nullptr);
  bool Found = sqlite3_step(S) == SQLITE_ROW;
  sqlite3_finalize(S);
  if (!Found)
    sqlite3_exec(Db, "INSERT INTO users(name) VALUES ('x')", nullptr, nullptr,
                 nullptr);
  return sqlite3_exec(Db, "COMMIT", nullptr, nullptr, nullptr);
}

int addUserConflictGood(sqlite3 *Db) {
  sqlite3_stmt *S = nullptr;
  sqlite3_prepare_v2(Db, "SELECT id FROM users WHERE name = ?", -1, &S, nullptr);
  if (sqlite3_step(S) == SQLITE_ROW)
    return 0;
  int Rc = sqlite3_exec(Db, "INSERT INTO users(name) VALUES ('x')", nullptr,
                        nullptr, nullptr);
  return Rc == SQLITE_CONSTRAINT ? 0 : Rc;
}

int otherTableGood(sqlite3 *Db) {
  sqlite3_stmt *S = nullptr;
  sqlite3_prepare_v2(Db, "SELECT id FROM users WHERE name = ?", -1, &S, nullptr);
  if (sqlite3_step(S) == SQLITE_ROW)
    return 0;
  return sqlite3_exec(Db, "INSERT INTO log(what) VALUES ('x')", nullptr, nullptr,
                      nullptr);
}

int insertOnlyGood(sqlite3 *Db) {
  return sqlite3_exec(Db, "INSERT INTO users(name) VALUES ('x')", nullptr,
                      nullptr, nullptr);
}

struct PGconn;
struct PGresult;
extern "C" {
PGresult *PQexec(PGconn *, const char *);
int PQntuples(const PGresult *);
void PQclear(PGresult *);
}

// A transaction that is not serializable lets both see nothing.
void addItemBad(PGconn *C) {
  PQclear(PQexec(C, "BEGIN"));
  PGresult *R = PQexec(C, "select 1 from shop.items where id = 7");
  bool None = PQntuples(R) == 0;
  PQclear(R);
  if (None)
    PQclear(PQexec(C, "insert into shop.items values (7)"));
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'items': another thread can change it between 'SELECT' and 'INSERT'
  PQclear(PQexec(C, "COMMIT"));
}

void addItemGood(PGconn *C) {
  PGresult *R = PQexec(C, "select 1 from items where id = 7");
  bool None = PQntuples(R) == 0;
  PQclear(R);
  if (None)
    PQclear(PQexec(C, "insert into items values (7) on conflict do nothing"));
}

void addItemSerializableGood(PGconn *C) {
  PQclear(PQexec(C, "BEGIN ISOLATION LEVEL SERIALIZABLE"));
  PGresult *R = PQexec(C, "select 1 from items where id = 7");
  bool None = PQntuples(R) == 0;
  PQclear(R);
  if (None)
    PQclear(PQexec(C, "insert into items values (7)"));
  PQclear(PQexec(C, "COMMIT"));
}

struct redisContext;
struct redisReply {
  int type;
};
extern "C" void *redisCommand(redisContext *, const char *, ...);
#define REDIS_REPLY_NIL 4

void leaderBad(redisContext *C, const char *Me) {
  auto *R = (redisReply *)redisCommand(C, "GET leader");
  if (R->type == REDIS_REPLY_NIL)
    redisCommand(C, "SET leader %s", Me);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'leader': another thread can change it between 'GET' and 'SET'
}

void leaderGood(redisContext *C, const char *Me) {
  auto *R = (redisReply *)redisCommand(C, "GET leader");
  if (R->type == REDIS_REPLY_NIL)
    redisCommand(C, "SET leader %s NX", Me);
}

void cacheBad(redisContext *C, const char *Key, const char *Value) {
  auto *R = (redisReply *)redisCommand(C, "GET %s", Key);
  if (R->type == REDIS_REPLY_NIL)
    redisCommand(C, "SET %s %s", Key, Value);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'database': another thread can change it between 'GET' and 'SET'
}

void otherKeyGood(redisContext *C, const char *Key, const char *Value) {
  auto *R = (redisReply *)redisCommand(C, "GET a:%s", Value);
  if (R->type == REDIS_REPLY_NIL)
    redisCommand(C, "SET %s %s", Key, Value);
}

// SOCI: statements are streamed, answers go into variables.
#include <string>
namespace soci {
namespace details {
template <typename T> struct into_container {};
template <typename T> struct use_container {};
class once_temp_type {
public:
  ~once_temp_type();
  template <typename T> once_temp_type &operator<<(const T &);
  template <typename T> once_temp_type &operator,(const into_container<T> &);
  template <typename T> once_temp_type &operator,(const use_container<T> &);
};
class once_type {
public:
  template <typename T> once_temp_type operator<<(const T &);
};
} // namespace details
class session {
public:
  details::once_type once;
  template <typename T> details::once_temp_type operator<<(const T &);
};
class transaction {
public:
  explicit transaction(session &);
  ~transaction();
  void commit();
};
template <typename T> details::into_container<T> into(T &);
template <typename T> details::use_container<T> use(T &, const char * = "");
} // namespace soci
using soci::into;
using soci::use;

void sociBad(soci::session &Sql, const std::string &Name) {
  int N = 0;
  Sql << "select count(*) from users where name = :n", into(N), use(Name);
  if (N == 0)
    Sql << "insert into users(name) values(:n)", use(Name);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'users': another thread can change it between 'SELECT' and 'INSERT'
}

// Two of these may run side by side: the transaction is none that serialises.
void sociOnceBad(soci::session &Sql, std::string Name, int Age) {
  soci::transaction T(Sql);
  int N = 0;
  Sql.once << "SELECT id FROM people WHERE name = :n AND age = :a", use(Name),
      use(Age), into(N);
  if (N)
    return;
  Sql.once << "INSERT INTO people(name, age) VALUES(:n, :a)", use(Name), use(Age);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'people': another thread can change it between 'SELECT' and 'INSERT'
  T.commit();
}

void sociConflictGood(soci::session &Sql, const std::string &Name) {
  int N = 0;
  Sql << "select count(*) from users where name = :n", into(N), use(Name);
  if (N == 0)
    Sql << "insert into users(name) values(:n) on conflict do nothing",
        use(Name);
}

void sociOtherTableGood(soci::session &Sql, const std::string &Name) {
  int N = 0;
  Sql << "select count(*) from users where name = :n", into(N), use(Name);
  if (N == 0)
    Sql << "insert into misses(name) values(:n)", use(Name);
}

// What is asked does not decide what is written.
void sociBothGood(soci::session &Sql, const std::string &Name, bool Log) {
  int N = 0;
  Sql << "select count(*) from users where name = :n", into(N), use(Name);
  if (Log)
    Sql << "insert into users(name) values(:n)", use(Name);
}

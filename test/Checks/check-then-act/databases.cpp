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

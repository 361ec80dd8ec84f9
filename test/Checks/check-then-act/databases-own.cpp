// RUN: %check_race %s race-check-then-act
//
// Statements that the program's own functions are given.

#include <mutex>
#include <string>
#include <vector>

class Database {
public:
  bool exists(const std::string &Sql);
  std::vector<std::string> query(const char *Sql, int Id);
  void exec(const std::string &Sql);
  void run(const char *Sql, int Id);
  void beginTransaction();
  void commit();
  void logText(const char *Text);
};

void ensureBad(Database &Db, const std::string &Name) {
  if (!Db.exists("SELECT 1 FROM jobs WHERE name = '" + Name + "'"))
    Db.exec("INSERT INTO jobs(name) VALUES ('" + Name + "')");
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'jobs': another thread can change it between 'SELECT' and 'INSERT'
}

bool addBad(Database &Db, int Id) {
  if (Db.exists("select id from users where id = ?"))
    return false;
  Db.run("insert into users(id) values (?)", Id);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'users': another thread can change it between 'SELECT' and 'INSERT'
  return true;
}

void ensureSettledGood(Database &Db, const std::string &Name) {
  if (!Db.exists("SELECT 1 FROM jobs WHERE name = '" + Name + "'"))
    Db.exec("INSERT OR IGNORE INTO jobs(name) VALUES ('" + Name + "')");
}

void ensureInTransactionGood(Database &Db, const std::string &Name) {
  Db.beginTransaction();
  if (!Db.exists("SELECT 1 FROM jobs WHERE name = '" + Name + "'"))
    Db.exec("INSERT INTO jobs(name) VALUES ('" + Name + "')");
  Db.commit();
}

void otherTableGood(Database &Db, const std::string &Name) {
  if (!Db.exists("SELECT 1 FROM jobs WHERE name = '" + Name + "'"))
    Db.exec("INSERT INTO misses(name) VALUES ('" + Name + "')");
}

// Whatever it says, it is added.
void bothGood(Database &Db, const std::string &Name) {
  bool There = Db.exists("SELECT 1 FROM jobs WHERE name = '" + Name + "'");
  Db.exec("INSERT INTO jobs(name) VALUES ('" + Name + "')");
  Db.run(There ? "twice" : "once", 0);
}

std::mutex JobsMutex;
void lockedGood(Database &Db, const std::string &Name) {
  std::lock_guard<std::mutex> Guard(JobsMutex);
  if (!Db.exists("SELECT 1 FROM jobs WHERE name = '" + Name + "'"))
    Db.exec("INSERT INTO jobs(name) VALUES ('" + Name + "')");
}

// Text that is only said.
void sayGood(Database &Db, const std::string &Name) {
  if (!Db.exists("SELECT 1 FROM jobs WHERE name = '" + Name + "'"))
    Db.logText("INSERT INTO jobs is missing");
}

//===- Index.cpp - What is kept between runs ------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Program/Index.h"
#include "race/Support/Failure.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"
#include <sqlite3.h>

using namespace llvm;
using namespace race;

/// Marks the file as ours ("race" in ASCII).
static constexpr int ApplicationId = 0x72616365;

static const char *const Schema = R"(
  CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE file(path TEXT PRIMARY KEY, modified INTEGER NOT NULL,
                    size INTEGER NOT NULL, hash TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE unit(id INTEGER PRIMARY KEY, main TEXT NOT NULL,
                    command TEXT NOT NULL, key TEXT NOT NULL,
                    error TEXT NOT NULL, files TEXT NOT NULL,
                    imports TEXT NOT NULL, UNIQUE(main, command));
  CREATE TABLE result(unit INTEGER NOT NULL REFERENCES unit ON DELETE CASCADE,
                      imports TEXT NOT NULL, json TEXT NOT NULL,
                      PRIMARY KEY(unit, imports)) WITHOUT ROWID;
  CREATE TABLE effect(usr TEXT NOT NULL, namespace TEXT NOT NULL,
                      file TEXT NOT NULL, json TEXT NOT NULL,
                      PRIMARY KEY(usr, namespace)) WITHOUT ROWID;
)";

/// A prepared statement: arguments in order, then rows.
class Index::Statement {
public:
  Statement(sqlite3 *DB, const char *Sql) {
    Code = sqlite3_prepare_v2(DB, Sql, -1, &S, nullptr);
  }
  ~Statement() { sqlite3_finalize(S); }
  Statement(const Statement &) = delete;
  Statement &operator=(const Statement &) = delete;

  Statement &operator<<(StringRef Text) {
    sqlite3_bind_text64(S, ++Bound, Text.data() ? Text.data() : "", Text.size(),
                        SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
  }
  Statement &operator<<(int64_t N) {
    sqlite3_bind_int64(S, ++Bound, N);
    return *this;
  }
  /// Goes to the next row; false if there is none.
  bool next() {
    if (Code == SQLITE_OK || Code == SQLITE_ROW)
      Code = sqlite3_step(S);
    return Code == SQLITE_ROW;
  }
  int run() {
    next();
    return Code == SQLITE_DONE || Code == SQLITE_ROW ? SQLITE_OK : Code;
  }
  std::string text(int Column) const {
    const void *Text = sqlite3_column_blob(S, Column);
    size_t Size = sqlite3_column_bytes(S, Column);
    return Text ? std::string(static_cast<const char *>(Text), Size) : "";
  }
  int64_t integer(int Column) const { return sqlite3_column_int64(S, Column); }

private:
  sqlite3_stmt *S = nullptr;
  int Code = SQLITE_OK;
  int Bound = 0;
};

Index::~Index() { sqlite3_close_v2(DB); }

void Index::note(int Code) {
  if (Code != SQLITE_OK && Problem.empty())
    Problem = sqlite3_errstr(Code);
}

void Index::exec(const char *Sql) {
  if (Problem.empty())
    note(sqlite3_exec(DB, Sql, nullptr, nullptr, nullptr));
}

/// Makes the tables of a new file, and refuses a file that is not ours.
Error Index::prepare(bool Writable, Access Mode, bool &Useless, bool &Busy) {
  sqlite3_busy_timeout(DB, Mode == Access::Glance ? 0 : 20000);
  auto Pragma = [&](const char *Sql) -> std::optional<int64_t> {
    Statement S(DB, Sql);
    return S.next() ? std::optional(S.integer(0)) : std::nullopt;
  };
  std::optional<int64_t> App = Pragma("PRAGMA application_id");
  std::optional<int64_t> Version = Pragma("PRAGMA user_version");
  std::optional<int64_t> Tables = Pragma("SELECT count(*) FROM sqlite_master");
  if (!App || !Version || !Tables) {
    int Code = sqlite3_errcode(DB) & 0xff;
    Useless = Code == SQLITE_NOTADB || Code == SQLITE_CORRUPT;
    Busy = Code == SQLITE_BUSY || Code == SQLITE_LOCKED;
    return failure(sqlite3_errmsg(DB));
  }
  if (*Tables == 0 && Writable) {
    exec("PRAGMA journal_mode=WAL");
    exec("BEGIN IMMEDIATE");
    // Another process may have been faster.
    if (Problem.empty() && Pragma("SELECT count(*) FROM sqlite_master") == 0) {
      exec(Schema);
      exec(("PRAGMA application_id=" + std::to_string(ApplicationId)).c_str());
      exec(("PRAGMA user_version=" + std::to_string(SchemaVersion)).c_str());
    }
    exec("COMMIT");
    if (!Problem.empty())
      return failure(Problem);
  } else if (*Tables == 0 && Mode == Access::Glance) {
    Busy = true;
    return failure("it is being made");
  } else if (*App != ApplicationId) {
    Useless = true;
    return failure("it is not an index of race-tidy");
  } else if (*Version != SchemaVersion) {
    Useless = true;
    return failure("it has version " + Twine(*Version) + ", not " +
                   Twine(SchemaVersion));
  } else if (Writable) {
    Statement S(DB, "PRAGMA quick_check(1)");
    if (!S.next() || S.text(0) != "ok") {
      Useless = true;
      return failure("it is damaged");
    }
  }
  if (Writable) {
    exec("PRAGMA journal_mode=WAL");
    exec("PRAGMA synchronous=NORMAL");
    exec("PRAGMA foreign_keys=ON");
  }
  return Error::success();
}

/// \p File as a URI by which SQLite opens it without a write-ahead log, which
/// cannot be made on a read-only disk.
static std::string immutableUri(StringRef File) {
  std::string Uri = "file:";
  for (char C : File)
    if (StringRef("%?#").contains(C))
      Uri += "%" + utohexstr(C, /*LowerCase=*/false, 2);
    else
      Uri += C;
  return Uri + "?immutable=1";
}

Expected<std::unique_ptr<Index>> Index::open(StringRef File, Access Mode,
                                             std::string &Remade) {
  constexpr int Create = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  std::string Name = File.str();
  bool Writable = Mode == Access::ReadWrite &&
                  !sys::fs::create_directories(sys::path::parent_path(File));
  bool Useless = false, Busy = false;
  auto Try = [&](const std::string &Name,
                 int Flags) -> Expected<std::unique_ptr<Index>> {
    sqlite3 *DB = nullptr;
    int Code = sqlite3_open_v2(Name.c_str(), &DB, Flags | SQLITE_OPEN_NOMUTEX,
                               nullptr);
    std::unique_ptr<Index> I(new Index(DB));
    if (Code != SQLITE_OK)
      return failure(sqlite3_errstr(Code));
    bool CanWrite = sqlite3_db_readonly(DB, "main") == 0;
    if (Error E = I->prepare(CanWrite, Mode, Useless, Busy))
      return std::move(E);
    if (!CanWrite && Mode == Access::ReadWrite)
      I->Problem = "it is read-only";
    return std::move(I);
  };
  auto I = Try(Name, Writable ? Create : SQLITE_OPEN_READONLY);
  if (I)
    return std::move(*I);
  std::string Why = toString(I.takeError());
  if (Mode == Access::Glance && (Busy || !sys::fs::exists(Name)))
    return nullptr;
  if (Useless && Writable) {
    bool Gone = true;
    for (const char *Suffix : {"", "-wal", "-shm"})
      Gone &= !sys::fs::remove(Name + Suffix);
    if (Gone) {
      I = Try(Name, Create);
      if (I) {
        Remade = Why;
        return std::move(*I);
      }
      consumeError(I.takeError());
    }
  } else if (!Useless && sys::fs::exists(Name) &&
             !sys::fs::exists(Name + "-wal")) {
    // Where a log is, there is somebody who writes.
    I = Try(immutableUri(Name), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    if (I)
      return std::move(*I);
    consumeError(I.takeError());
  }
  if (Mode != Access::ReadWrite)
    return failure("index " + File + ": " + Why);
  // Nothing can be kept.
  I = Try(":memory:", Create);
  if (!I)
    return failure("index " + File + ": " + toString(I.takeError()));
  (*I)->Problem = Why;
  return std::move(*I);
}

std::optional<Index::FileState> Index::FileState::of(StringRef Path) {
  sys::fs::file_status Status;
  if (sys::fs::status(Path, Status) || !sys::fs::is_regular_file(Status))
    return std::nullopt;
  return FileState{Status.getLastModificationTime().time_since_epoch().count(),
                   Status.getSize(), ""};
}

std::string Index::FileState::hashOf(StringRef Path) {
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return "";
  XXH128_hash_t H = xxh3_128bits(arrayRefFromStringRef((*Buffer)->getBuffer()));
  return utohexstr(H.high64, true, 16) + utohexstr(H.low64, true, 16);
}

std::optional<Index::FileState> Index::file(StringRef Path) const {
  Statement S(DB, "SELECT modified, size, hash FROM file WHERE path = ?");
  S << Path;
  if (!S.next())
    return std::nullopt;
  return FileState{S.integer(0), static_cast<uint64_t>(S.integer(1)),
                   S.text(2)};
}

void Index::putFile(StringRef Path, const FileState &F) {
  if (!Problem.empty())
    return;
  Statement S(DB, "INSERT OR REPLACE INTO file VALUES(?, ?, ?, ?)");
  S << Path << F.Modified << static_cast<int64_t>(F.Size) << F.Hash;
  note(S.run());
}

std::vector<Index::Unit> Index::units() const {
  std::vector<Unit> All;
  Statement S(DB, "SELECT id, main, command, key, error, files, imports "
                  "FROM unit ORDER BY main, command");
  while (S.next()) {
    Unit U{S.integer(0), S.text(1), S.text(2), S.text(3),
           S.text(4),    {},        S.text(6)};
    SmallVector<StringRef, 0> Files;
    std::string List = S.text(5);
    StringRef(List).split(Files, '\n', -1, /*KeepEmpty=*/false);
    U.Files.assign(Files.begin(), Files.end());
    All.push_back(std::move(U));
  }
  return All;
}

void Index::putUnit(Unit &U) {
  if (!Problem.empty())
    return;
  {
    Statement Old(DB, "DELETE FROM result WHERE unit IN (SELECT id FROM unit "
                      "WHERE main = ? AND command = ? AND key <> ?)");
    Old << U.Main << U.Command << U.Key;
    note(Old.run());
  }
  Statement S(DB, "INSERT INTO unit(main, command, key, error, files, imports) "
                  "VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(main, command) DO "
                  "UPDATE SET key = excluded.key, error = excluded.error, "
                  "files = excluded.files, imports = excluded.imports "
                  "RETURNING id");
  S << U.Main << U.Command << U.Key << U.Error << join(U.Files, "\n")
    << U.Imports;
  if (S.next())
    U.Id = S.integer(0);
  note(S.run());
}

void Index::setImports(int64_t UnitId, StringRef Imports) {
  if (!Problem.empty())
    return;
  Statement S(DB, "UPDATE unit SET imports = ? WHERE id = ?");
  S << Imports << UnitId;
  note(S.run());
}

void Index::removeUnit(int64_t UnitId) {
  if (!Problem.empty())
    return;
  Statement S(DB, "DELETE FROM unit WHERE id = ?");
  S << UnitId;
  note(S.run());
}

std::optional<std::string> Index::result(const Unit &U,
                                         StringRef Imports) const {
  Statement S(DB, "SELECT json FROM result JOIN unit ON id = unit "
                  "WHERE id = ? AND key = ? AND result.imports = ?");
  S << U.Id << U.Key << Imports;
  if (!S.next())
    return std::nullopt;
  return S.text(0);
}

void Index::putResult(const Unit &U, StringRef Imports, StringRef Json) {
  if (!Problem.empty())
    return;
  Statement S(DB, "INSERT OR REPLACE INTO result "
                  "SELECT id, ?, ? FROM unit WHERE id = ? AND key = ?");
  S << Imports << Json << U.Id << U.Key;
  note(S.run());
}

void Index::prune(int64_t UnitId, const std::vector<std::string> &Used) {
  std::vector<std::string> Old;
  {
    Statement S(DB, "SELECT imports FROM result WHERE unit = ?");
    S << UnitId;
    while (S.next())
      if (std::string Imports = S.text(0); !is_contained(Used, Imports))
        Old.push_back(std::move(Imports));
  }
  for (const std::string &Imports : Old) {
    if (!Problem.empty())
      return;
    Statement S(DB, "DELETE FROM result WHERE unit = ? AND imports = ?");
    S << UnitId << Imports;
    note(S.run());
  }
}

std::optional<Index::LinkedEffect> Index::effect(StringRef USR,
                                                 StringRef Namespace) const {
  Statement S(DB,
              "SELECT file, json FROM effect WHERE usr = ? AND namespace = ?");
  S << USR << Namespace;
  if (!S.next())
    return std::nullopt;
  return LinkedEffect{USR.str(), Namespace.str(), S.text(0), S.text(1)};
}

void Index::replaceEffects(const std::vector<LinkedEffect> &All) {
  exec("DELETE FROM effect");
  if (!Problem.empty())
    return;
  for (const LinkedEffect &E : All) {
    Statement S(DB, "INSERT OR REPLACE INTO effect VALUES(?, ?, ?, ?)");
    S << E.USR << E.Namespace << E.File << E.Json;
    note(S.run());
  }
}

std::optional<std::string> Index::meta(StringRef Key) const {
  Statement S(DB, "SELECT value FROM meta WHERE key = ?");
  S << Key;
  if (!S.next())
    return std::nullopt;
  return S.text(0);
}

void Index::putMeta(StringRef Key, StringRef Value) {
  if (!Problem.empty())
    return;
  Statement S(DB, "INSERT OR REPLACE INTO meta VALUES(?, ?)");
  S << Key << Value;
  note(S.run());
}

void Index::begin() { exec("BEGIN IMMEDIATE"); }

void Index::commit() {
  if (sqlite3_get_autocommit(DB))
    return;
  int Code = sqlite3_exec(DB, Problem.empty() ? "COMMIT" : "ROLLBACK", nullptr,
                          nullptr, nullptr);
  note(Code);
}

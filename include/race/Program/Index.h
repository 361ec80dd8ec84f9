//===- Index.h - What is kept between runs ----------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_PROGRAM_INDEX_H
#define RACE_PROGRAM_INDEX_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;

namespace race {

/// The index of a program: what was read of each translation unit, and what
/// linking found out. One SQLite file in write-ahead mode, so that many may
/// read while one writes; docs/index.md describes the tables.
///
/// Names of files are relative to the project's folder (Paths.h). A failed
/// write is remembered (writeProblem) and turns all later writes into nothing:
/// a full disk costs speed, not findings.
class Index {
public:
  /// The number of the schema; an index of another one is made anew.
  static constexpr int SchemaVersion = 2;

  enum class Access {
    Glance, ///< read-only, without waiting for others
    ReadOnly,
    ReadWrite
  };

  /// Opens the index \p File. With ReadWrite it is created if it is not there;
  /// one that is damaged, of another schema or of another program is put aside
  /// by making it anew, and \p Remade says why. Where it cannot be written it
  /// is opened for reading, or nothing is kept; writeProblem() says why. With
  /// ReadOnly all of that is an error. With Glance, an index that another
  /// process keeps for itself, or is just making, is null.
  static llvm::Expected<std::unique_ptr<Index>>
  open(llvm::StringRef File, Access Mode, std::string &Remade);
  ~Index();

  /// A file that was read, as it was then.
  struct FileState {
    int64_t Modified = 0; ///< nanoseconds since 1970
    uint64_t Size = 0;
    std::string Hash; ///< of the content

    /// Time and size of the file \p Path now, without the hash; nothing if it
    /// is no file.
    static std::optional<FileState> of(llvm::StringRef Path);
    /// The hash of what \p Path holds now; empty if it cannot be read.
    static std::string hashOf(llvm::StringRef Path);
    bool hasTimeOf(const FileState &O) const {
      return Modified == O.Modified && Size == O.Size;
    }
  };
  std::optional<FileState> file(llvm::StringRef Path) const;
  void putFile(llvm::StringRef Path, const FileState &F);

  /// One entry of the compilation database.
  struct Unit {
    int64_t Id = 0;
    std::string Main;
    std::string Command; ///< hash of the command, without the project's folder
    std::string Key;   ///< hash of all that the reading depends on but imports
    std::string Error; ///< the compiler's complaint, if there was one
    std::vector<std::string> Files; ///< all that was read
    std::string Imports;            ///< of the result that the last link used
  };
  std::vector<Unit> units() const;
  /// Adds \p U, or replaces the unit of the same Main and Command, whose
  /// results are dropped if the key differs. Sets the Id.
  void putUnit(Unit &U);
  void setImports(int64_t UnitId, llvm::StringRef Imports);
  void removeUnit(int64_t UnitId);

  /// The summary and findings (JSON) of \p U, read with these imports. Nothing
  /// if they are not known, or if another run has read the unit since, and the
  /// index has another key for it.
  std::optional<std::string> result(const Unit &U,
                                    llvm::StringRef Imports) const;
  /// Keeps a result, unless the index has another key for \p U now.
  void putResult(const Unit &U, llvm::StringRef Imports, llvm::StringRef Json);
  /// Drops the unit's results but those with these imports: the ones that the
  /// last link used in any of its rounds, which the next one goes through too.
  void prune(int64_t UnitId, const std::vector<std::string> &Used);

  /// What linking found of a function that other files call.
  struct LinkedEffect {
    std::string USR, Namespace;
    std::string File; ///< where the function is defined
    std::string Json; ///< of Effects
  };
  std::optional<LinkedEffect> effect(llvm::StringRef USR,
                                     llvm::StringRef Namespace) const;
  void replaceEffects(const std::vector<LinkedEffect> &All);

  /// A text that outlives the run: the project's folder ("root", relative to
  /// that of the index), the last run's key and findings, what others need to
  /// judge claims ("slice").
  std::optional<std::string> meta(llvm::StringRef Key) const;
  void putMeta(llvm::StringRef Key, llvm::StringRef Value);

  void begin();
  void commit();

  /// Empty, or why the index could not be written.
  const std::string &writeProblem() const { return Problem; }

private:
  class Statement;
  explicit Index(sqlite3 *DB) : DB(DB) {}
  /// \p Useless is set if the file is not an index, or none of this version.
  /// \p Busy is set if another process keeps it for itself.
  llvm::Error prepare(bool Writable, Access Mode, bool &Useless, bool &Busy);
  void exec(const char *Sql);
  void note(int Code);

  sqlite3 *DB;
  std::string Problem;
};

/// Where the index of a build lies, below the folder of its compilation
/// database.
constexpr llvm::StringLiteral IndexPath = ".race/index";

} // namespace race

#endif // RACE_PROGRAM_INDEX_H

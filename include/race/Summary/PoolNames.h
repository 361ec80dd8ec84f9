//===- PoolNames.h - Names that suggest a pool ------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUMMARY_POOLNAMES_H
#define RACE_SUMMARY_POOLNAMES_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include <string>

namespace race {

/// The words by which names suggest a pool: the built-in ones, and the user's.
/// A word of the user's is a word of a name ("put" in `putBack`) or a whole
/// name, in upper or lower case.
class PoolNames {
public:
  /// Reads the options of race-use-after-release that speak of names.
  /// \param Option gives the value of the check's option of that name, or "".
  /// An error names the option and the word that cannot be in a name.
  static llvm::Expected<PoolNames>
  read(llvm::function_ref<std::string(llvm::StringRef)> Option);

  /// Whether \p Name says that something is given back ("put", "releaseConn").
  bool isRelease(llvm::StringRef Name) const;
  /// Whether \p Name says that something is taken ("get", "acquireConn").
  bool isAcquire(llvm::StringRef Name) const;
  /// Whether \p Give and \p Take name the two ends of one loan.
  bool isPair(llvm::StringRef Give, llvm::StringRef Take) const;
  /// Whether \p Name is that of a type that lends ("ConnectionPool").
  bool isPoolType(llvm::StringRef Name) const;
  /// Whether \p Name is that of a place for what is not in use ("freeConns_").
  bool isStock(llvm::StringRef Name) const;

  /// Whether the names of a function and its type are enough to believe a
  /// hand-back, with the evidence `named`.
  bool Suffice = false;

  /// All of the above as text, the same for the same names.
  std::string text() const;

private:
  llvm::StringSet<> Releases, Acquires, Types; // in lower case
};

} // namespace race

#endif // RACE_SUMMARY_POOLNAMES_H

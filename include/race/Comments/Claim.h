//===- Claim.h - What a comment says about threads and locks ----*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_COMMENTS_CLAIM_H
#define RACE_COMMENTS_CLAIM_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace race {

/// One statement of a comment about which threads touch its subject.
struct Claim {
  enum KindTy : uint8_t {
    Confined,      ///< only one thread touches the subject
    NoLockNeeded,  ///< the subject needs no lock (said without a reason that
                   ///< another kind expresses)
    GuardedBy,     ///< accesses hold Lock
    CallerHolds,   ///< who calls the function holds Lock
    BeforeThreads, ///< touched only before threads start (or at shutdown)
    ImmutableAfterInit, ///< not changed once initialised
    NotThreadSafe,      ///< needs external synchronisation
  } Kind = Confined;
  /// For Confined: the thread's name in lower case ("main", "io", "owner"), or
  /// empty for "some one thread".
  std::string Thread;
  /// For GuardedBy and CallerHolds: the lock as the comment spells it ("mu_",
  /// "DBImpl::mutex_"); empty if the comment only says "the lock".
  std::string Lock;
  /// The code that the sentence speaks of, as spelled ("queue_", "Foo::run"),
  /// if it names any: "Accesses to queue_ are guarded by mu_". Empty if the
  /// claim is about what the comment stands on.
  std::string Subject;
  /// The claim speaks of writes only ("only modified by the main thread",
  /// "writes are guarded by mu_"): others may read.
  bool WritesOnly = false;
  /// For GuardedBy: the comment stands on the lock and Subject, which it names,
  /// is what the lock guards ("protects queue_"); empty for what is declared
  /// below it ("protects the fields below").
  bool OnLock = false;
  /// For GuardedBy: the comment stands, in a body, on the statement that takes
  /// the lock, and speaks of what is changed there under it.
  bool OnTaking = false;
  /// For CallerHolds: the lock is to be held for writing ("the write lock",
  /// "held exclusively"), so that nobody else holds it at the same time.
  bool ForWriting = false;
  /// For NoLockNeeded: since it is always the same thread, which may be another
  /// one for each object.
  bool SameThread = false;
  /// The words that make the claim: offset and length in the text that was
  /// parsed. Quoted in messages.
  unsigned Offset = 0;
  unsigned Length = 0;
};

/// Words with which the comments of one project claim something, beside those
/// of the grammar.
struct ClaimPhrase {
  /// Compared without regard to case and line breaks.
  std::string Words;
  Claim::KindTy Kind = Claim::Confined;
  /// The thread or lock that the words mean; may be empty.
  std::string Name;
};

/// Reads phrases of the form "kind: words" or "kind(name): words", separated by
/// semicolons: "confined(io): reactor only; guarded(mu_): under the big lock".
/// The kinds are confined, no-lock, guarded, caller-holds, before-threads,
/// immutable and not-thread-safe.
/// \returns an error that quotes the phrase that cannot be read.
llvm::Expected<std::vector<ClaimPhrase>> parsePhrases(llvm::StringRef Text);

/// The kind that is called \p Name, as in parsePhrases.
std::optional<Claim::KindTy> claimKind(llvm::StringRef Name);

/// The claims that the text of one comment makes, in order.
///
/// \param Text the words of a comment without its markers (`//`, `/*`, leading
///        `*`), lines joined by '\n'.
/// Negated, conditional, historical and asked claims, to-dos, and statements
/// that something *is* thread-safe yield nothing.
/// \param Own phrases of the project, tried first.
llvm::SmallVector<Claim, 1> parseClaims(llvm::StringRef Text,
                                        llvm::ArrayRef<ClaimPhrase> Own = {});

/// A cheap test that is true for every text in which parseClaims finds
/// something, and false for nearly all others.
bool mayMakeClaim(llvm::StringRef Text);

/// As above, with the phrases of the project.
bool mayMakeClaim(llvm::StringRef Text, llvm::ArrayRef<ClaimPhrase> Own);

} // namespace race

#endif // RACE_COMMENTS_CLAIM_H

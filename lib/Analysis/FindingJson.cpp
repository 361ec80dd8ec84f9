//===- FindingJson.cpp - The JSON form of findings ------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Analysis/FindingJson.h"

namespace race {

template <class A> static void describe(A &Ar, FindingNote &N) {
  auto &[Place, Text] = N;
  Ar("place", Place);
  Ar("text", Text);
}

template <class A> static void describe(A &Ar, InterleavingStep &S) {
  auto &[Thread, Place, Text, Locks, Before] = S;
  Ar("thread", Thread, 1u);
  Ar("place", Place);
  Ar("text", Text);
  Ar("locks", Locks);
  Ar("before", Before);
}

template <class A> static void describe(A &Ar, SourceEdit &E) {
  auto &[Begin, End, Text] = E;
  Ar("begin", Begin);
  Ar("end", End);
  Ar("text", Text);
}

template <class A> void describe(A &Ar, Finding &F) {
  // The fingerprint depends on what else there is.
  auto &[Check, Place, Message, Notes, Interleaving, Threads, NotesTellAll, Fix,
         Why, Files, Kind, Scope, ScopeIsLocal, Subject, Fingerprint] = F;
  (void)Fingerprint;
  Ar("check", Check);
  Ar("place", Place);
  Ar("message", Message);
  Ar("notes", Notes);
  Ar("interleaving", Interleaving);
  Ar("threads", Threads);
  Ar("notesTellAll", NotesTellAll);
  Ar("fix", Fix);
  Ar("evidence", Why, Evidence::Structural);
  Ar("files", Files, false);
  Ar("kind", Kind);
  Ar("scope", Scope);
  Ar("scopeIsLocal", ScopeIsLocal);
  Ar("subject", Subject);
}

template void describe(ArchiveWriter &, Finding &);
template void describe(ArchiveReader &, Finding &);

} // namespace race

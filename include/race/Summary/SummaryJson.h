//===- SummaryJson.h - The JSON form of summaries ---------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUMMARY_SUMMARYJSON_H
#define RACE_SUMMARY_SUMMARYJSON_H

#include "race/Summary/FunctionSummary.h"
#include "race/Support/Archive.h"

namespace race {

/// The number that changes whenever the meaning or the shape of the JSON form
/// changes. A document of another version is refused, never guessed at.
constexpr unsigned SummaryVersion = 7;

// How the structs of FunctionSummary.h are written and read (Archive.h). The
// two instances of each are for ArchiveWriter and ArchiveReader.
template <class A> void describe(A &Ar, TUSummary &S);
template <class A> void describe(A &Ar, Effects &E);

/// Gives the functions of \p S that are named in \p NewIds another number,
/// wherever they are mentioned.
void rename(TUSummary &S, const llvm::DenseMap<EntityId, EntityId> &NewIds);

/// \p S as a document of its own, and back.
std::string summaryToJson(const TUSummary &S, const EntityTable &Names,
                          llvm::StringRef Root);
llvm::Expected<TUSummary>
summaryFromJson(llvm::StringRef Json, EntityTable &Names, llvm::StringRef Root);

/// What \p E says, as a document of its own.
std::string effectsToJson(const Effects &E, const EntityTable &Names,
                          llvm::StringRef Root);

/// The inverse of effectsToJson.
llvm::Expected<Effects>
effectsFromJson(llvm::StringRef Json, EntityTable &Names, llvm::StringRef Root);

} // namespace race

#endif // RACE_SUMMARY_SUMMARYJSON_H

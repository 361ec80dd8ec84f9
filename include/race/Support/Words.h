//===- Words.h - Words in identifiers ---------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_WORDS_H
#define RACE_SUPPORT_WORDS_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include <initializer_list>
#include <string>

namespace race {

/// The words of an identifier, in lower case: "putBack" and "put_back" give
/// "put", "back".
llvm::SmallVector<std::string, 4> wordsOf(llvm::StringRef Identifier);

/// Whether one of wordsOf(\p Identifier) is in \p Words.
bool hasWord(llvm::StringRef Identifier, const llvm::StringSet<> &Words);
bool hasWord(llvm::StringRef Identifier,
             std::initializer_list<llvm::StringRef> Words);

/// Whether a function of this name belongs to the start of a program's or
/// object's life ("init", "startThreads"), when there is most often one thread
/// only. Used to stay silent, never to accuse.
bool soundsLikeStart(llvm::StringRef FunctionName);

/// Whether a function of this name makes what it is given ("queue_init").
bool soundsLikeMaking(llvm::StringRef FunctionName);

/// As soundsLikeStart, for the end ("stop", "shutdown").
bool soundsLikeEnd(llvm::StringRef FunctionName);

/// Whether a function of that name gives memory that nobody else has:
/// "calloc", "buffer_alloc", but not "realloc".
bool soundsLikeAllocation(llvm::StringRef FunctionName);

/// Whether a function of this name only says or counts what happened.
bool soundsLikeReport(llvm::StringRef FunctionName);

} // namespace race

#endif // RACE_SUPPORT_WORDS_H

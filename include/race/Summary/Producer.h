//===- Producer.h - Who has made a document ---------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUMMARY_PRODUCER_H
#define RACE_SUMMARY_PRODUCER_H

#include "llvm/ADT/StringRef.h"

namespace race {

/// Names who reads and judges here: the version of race-tidy, that of clang,
/// and a hash of the sources of the analysis. What another producer has made
/// may mean something else by the same words, and is not believed. Builds of
/// the same sources are the same producer, wherever and whenever they are made.
llvm::StringRef producer();

} // namespace race

#endif // RACE_SUMMARY_PRODUCER_H

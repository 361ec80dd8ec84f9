//===- Producer.cpp - Who has made a document -----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/Producer.h"
// Generated: defines RACE_SOURCES_HASH.
#include "SourcesHash.inc"
#include "clang/Basic/Version.h"

llvm::StringRef race::producer() {
  return RACE_VERSION ", clang " CLANG_VERSION_STRING
                      ", sources " RACE_SOURCES_HASH;
}

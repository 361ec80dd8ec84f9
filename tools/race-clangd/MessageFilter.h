//===- MessageFilter.h - Keeps malformed messages from clangd ---*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_TOOLS_RACE_CLANGD_MESSAGEFILTER_H
#define RACE_TOOLS_RACE_CLANGD_MESSAGEFILTER_H

#include <cstdio>

namespace race {

/// The LSP messages of \p In (standard input) without those at which clangd
/// would end: what is not a message of JSON-RPC 2.0 is left out, and the log
/// says so. Once in a process.
std::FILE *withoutMalformed(std::FILE *In);

} // namespace race

#endif // RACE_TOOLS_RACE_CLANGD_MESSAGEFILTER_H

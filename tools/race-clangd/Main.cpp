//===- Main.cpp - race-clangd, clangd with the checks in it ---------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Checks/Editor.h"

// Debian ships clangd's libraries without their headers.
namespace clang::clangd {
int clangdMain(int Argc, char *Argv[]);
} // namespace clang::clangd

int main(int Argc, char *Argv[]) {
  race::serveEditor();
  return clang::clangd::clangdMain(Argc, Argv);
}

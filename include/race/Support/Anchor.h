//===- Anchor.h - A place in a source file ----------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_ANCHOR_H
#define RACE_SUPPORT_ANCHOR_H

#include <string>
#include <tuple>

namespace race {

/// A place in a source file that outlives the AST. Line and Column count from
/// one; a Line of zero means "nowhere".
struct Anchor {
  std::string File;
  unsigned Line = 0;
  unsigned Column = 0;

  bool isValid() const { return Line != 0; }
  bool operator==(const Anchor &O) const {
    return Line == O.Line && Column == O.Column && File == O.File;
  }
  bool operator<(const Anchor &O) const {
    return std::tie(File, Line, Column) < std::tie(O.File, O.Line, O.Column);
  }
};

} // namespace race

#endif // RACE_SUPPORT_ANCHOR_H

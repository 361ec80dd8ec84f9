//===- Separate.h - Several programs in one database ------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_PROGRAM_SEPARATE_H
#define RACE_PROGRAM_SEPARATE_H

#include "race/Summary/FunctionSummary.h"
#include "race/Support/Entity.h"
#include "llvm/ADT/ArrayRef.h"

namespace race {

/// Adds the programs \p More to \p Programs, both as in FunctionSummary.
/// \param First Programs has no meaning yet.
void uniteParts(std::vector<unsigned> &Programs,
                const std::vector<unsigned> &More, bool First);

/// Finds out which of \p Units make up which program: one for each `main`, with
/// the units that are mentioned there, and in those, and so on. Writes that
/// into FunctionSummary::Programs and ClaimSummary::Programs; what no main
/// leads to (a plugin, a library by itself) is part of all.
///
/// Names are only unique in one program. A function that several units define,
/// each in a place of its own, becomes private to those units. Others mean the
/// one that their program has, or the one that lies in their folder; if that
/// does not tell, none.
///
/// With one program there is nothing to do, and the cost is a look at each
/// function's name.
void separatePrograms(llvm::ArrayRef<TUSummary *> Units, EntityTable &Names);

} // namespace race

#endif // RACE_PROGRAM_SEPARATE_H

//===- Editor.h - The checks in an editor's server --------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_CHECKS_EDITOR_H
#define RACE_CHECKS_EDITOR_H

namespace race {

/// Makes the checks fit for a process that serves an editor: it parses the same
/// files again and again, on several threads, looks at the declarations of the
/// main file alone, and shows what stands in it. Once, before any check runs.
void serveEditor();

/// Whether serveEditor() was called.
bool servesEditor();

} // namespace race

#endif // RACE_CHECKS_EDITOR_H

//===- Editor.cpp - The checks in an editor's server ----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Checks/Editor.h"

static bool Serves = false;

void race::serveEditor() { Serves = true; }

bool race::servesEditor() { return Serves; }

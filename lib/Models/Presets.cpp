//===- Presets.cpp - The models that come with the program ----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Models/Presets.h"

using namespace race;

llvm::ArrayRef<Preset> race::embeddedPresets() {
  static const Preset All[] = {
#define PRESET(NAME, TEXT) {NAME, TEXT},
#include "EmbeddedPresets.inc"
#undef PRESET
  };
  return All;
}

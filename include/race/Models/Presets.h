//===- Presets.h - The models that come with the program --------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_MODELS_PRESETS_H
#define RACE_MODELS_PRESETS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace clang {
class IdentifierTable;
} // namespace clang

namespace race {

/// One file of lib/Models/presets, embedded at build time.
struct Preset {
  llvm::StringRef Name; ///< "cxx-std"
  llvm::StringRef Yaml; ///< its text, null-terminated
};

/// All presets, in the order of their names.
llvm::ArrayRef<Preset> embeddedPresets();

/// What of the preset \p Yaml code can use that knows the identifiers \p Seen:
/// the list items of which one name has nothing but known parts. Empty if there
/// is none. Looks at lines, without parsing; in doubt an item is kept.
std::string relevantPart(llvm::StringRef Yaml,
                         const clang::IdentifierTable &Seen);

} // namespace race

#endif // RACE_MODELS_PRESETS_H

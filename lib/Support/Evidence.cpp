//===- Evidence.cpp - Why a fact is believed ------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Evidence.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

StringRef race::toString(Evidence E) {
  switch (E) {
  case Evidence::Named:
    return "named";
  case Evidence::Structural:
    return "structural";
  case Evidence::Modelled:
    return "modelled";
  case Evidence::Annotated:
    return "annotated";
  }
  return "named";
}

std::optional<race::Evidence> race::parseEvidence(StringRef Text) {
  return StringSwitch<std::optional<Evidence>>(Text)
      .Case("named", Evidence::Named)
      .Case("structural", Evidence::Structural)
      .Case("modelled", Evidence::Modelled)
      .Case("annotated", Evidence::Annotated)
      .Default(std::nullopt);
}

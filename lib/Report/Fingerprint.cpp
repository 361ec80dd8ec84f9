//===- Fingerprint.cpp - Names of findings that last ----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/Fingerprint.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA1.h"

using namespace llvm;
using namespace race;

/// \p Text as it would be however it is formatted: without white space, and
/// without the marks that begin a comment's next line.
static std::string withoutFormat(StringRef Text) {
  std::string Bare;
  for (char C : Text)
    if (!isSpace(C) && C != '/' && C != '*')
      Bare += C;
  return Bare;
}

/// What a finding that says nothing of itself is about: the first name that its
/// message quotes.
static StringRef quotedName(StringRef Message) {
  return Message.split('\'').second.split('\'').first;
}

void race::assignFingerprints(std::vector<Finding> &All) {
  StringMap<unsigned> Seen;
  for (Finding &F : All) {
    std::string Subject = withoutFormat(
        F.Subject.empty() ? quotedName(F.Message) : StringRef(F.Subject));
    std::string Key;
    StringRef File = F.ScopeIsLocal ? sys::path::filename(F.Place.File) : "";
    for (StringRef Part : {StringRef(F.Check), StringRef(F.Kind),
                           StringRef(F.Scope), File, StringRef(Subject)})
      Key += (Part + "\n").str();
    unsigned Ordinal = Seen[Key]++;
    if (Ordinal)
      Key += std::to_string(Ordinal);
    F.Fingerprint = toHex(SHA1::hash(arrayRefFromStringRef(Key)),
                          /*LowerCase=*/true)
                        .substr(0, FingerprintSize);
  }
}

bool race::looksLikeFingerprint(StringRef Text) {
  return Text.size() >= 4 && Text.size() <= FingerprintSize &&
         all_of(Text, [](char C) { return isHexDigit(C); });
}

//===- Fingerprint.h - Names of findings that last --------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_REPORT_FINGERPRINT_H
#define RACE_REPORT_FINGERPRINT_H

#include "race/Analysis/Finding.h"
#include "llvm/ADT/StringRef.h"

namespace race {

/// Sets the Fingerprint of each of \p All, which are all findings of a program
/// and sorted: sixteen hexadecimal digits that no two of them share. It is made
/// of the check, the kind, the scope and the subject, and where these are the
/// same of the order in which they stand. So it stays when lines shift, code is
/// formatted, comments are wrapped, the words of messages get better, or
/// something else is renamed, and when files move; it changes when the function
/// or the object is renamed. Of what is private to a file, the file's name
/// counts, too, without its folder.
void assignFingerprints(std::vector<Finding> &All);

/// How many digits a fingerprint has.
constexpr unsigned FingerprintSize = 16;

/// Whether \p Text is a fingerprint, or the beginning of one: at least four of
/// its digits and nothing else.
bool looksLikeFingerprint(llvm::StringRef Text);

} // namespace race

#endif // RACE_REPORT_FINGERPRINT_H

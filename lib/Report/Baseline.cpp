//===- Baseline.cpp - Findings that are known -----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/Baseline.h"
#include "race/Report/Fingerprint.h"
#include "race/Support/Failure.h"
#include "race/Support/Paths.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace race;

/// The first line, by which a format of the future would be told.
static constexpr StringLiteral Header = "# race-tidy baseline, format ";
static constexpr unsigned Format = 1;

Expected<Baseline> Baseline::read(StringRef File) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFile(File, /*IsText=*/true);
  if (!Buffer)
    return failure("baseline " + File + ": " + Buffer.getError().message() +
                   "; --write-baseline makes it");
  return parse((*Buffer)->getBuffer(), File);
}

Expected<Baseline> Baseline::parse(StringRef Text, StringRef Source) {
  Baseline B;
  unsigned Number = 0;
  while (!Text.empty()) {
    auto [Whole, Rest] = Text.split('\n');
    Text = Rest;
    ++Number;
    auto Wrong = [&](const Twine &Why) {
      return failure("baseline " + Source + ":" + Twine(Number) + ": " + Why);
    };
    StringRef Line = Whole.trim();
    B.Lines.push_back({Whole.rtrim('\r').str(), -1});
    unsigned Version = Format;
    StringRef Said = Line;
    if (Said.consume_front(Header) &&
        (Said.consumeInteger(10, Version) || Version != Format))
      return Wrong("another race-tidy wrote this; --write-baseline makes it "
                   "anew");
    if (Line.empty() || Line.starts_with("#"))
      continue;
    Entry E;
    auto [Fingerprint, Behind] = Line.split(' ');
    if (!looksLikeFingerprint(Fingerprint) ||
        Fingerprint.size() != FingerprintSize)
      return Wrong("'" + Fingerprint + "' is not a fingerprint");
    auto [Check, Where] = Behind.ltrim().split(' ');
    auto [File, Message] = Where.split(": ");
    E.Fingerprint = Fingerprint.lower();
    E.Check = Check.str();
    E.File = File.str();
    E.Message = Message.str();
    B.Lines.back().second = B.Entries.size();
    B.Known.insert(E.Fingerprint);
    B.Entries.push_back(std::move(E));
  }
  return std::move(B);
}

std::vector<Baseline::Entry>
Baseline::absent(const StringSet<> &Present) const {
  std::vector<Entry> Gone;
  for (const Entry &E : Entries)
    if (!Present.contains(E.Fingerprint))
      Gone.push_back(E);
  return Gone;
}

void Baseline::writeWithout(raw_ostream &OS, const StringSet<> &Gone) const {
  for (const auto &[Line, Index] : Lines)
    if (Index < 0 || !Gone.contains(Entries[Index].Fingerprint))
      OS << Line << '\n';
}

/// \p Text in one line.
static std::string oneLine(StringRef Text) {
  std::string Line = Text.str();
  for (char &C : Line)
    if (static_cast<unsigned char>(C) < ' ')
      C = ' ';
  return Line;
}

void Baseline::write(raw_ostream &OS, const std::vector<Finding> &All,
                     StringRef Root) {
  OS << Header << Format << '\n'
     << "# Findings that are known. The fingerprint counts, the rest of a line "
        "is for people.\n";
  for (const Finding &F : All)
    OS << F.Fingerprint << ' ' << F.Check << ' '
       << oneLine(relativeTo(Root, F.Place.File)) << ": " << oneLine(F.Message)
       << '\n';
}

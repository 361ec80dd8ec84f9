//===- Progress.cpp - How far a long run is -------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Progress.h"
#include "llvm/Support/Format.h"

using namespace llvm;
using namespace race;

Progress::Progress(raw_ostream &OS, StringRef What, unsigned Total, bool Quiet)
    : OS(OS), What(What), Total(Total), Quiet(Quiet || Total == 0),
      Terminal(OS.is_displayed()), Start(Clock::now()), LastLine(Start) {}

void Progress::step(StringRef Name) {
  ++Done;
  if (Quiet)
    return;
  Clock::time_point Now = Clock::now();
  using namespace std::chrono_literals;
  if (!Terminal && Now - LastLine < 10s)
    return;
  LastLine = Now;
  double Seconds = std::chrono::duration<double>(Now - Start).count();
  double Rate = Done / std::max(Seconds, 0.001);
  OS << (Terminal ? "\r\033[K" : "") << What << ' ' << Done << '/' << Total
     << format(" (%.1f/s, %.0f s left) ", Rate, (Total - Done) / Rate) << Name
     << (Terminal ? "" : "\n");
  OS.flush();
}

void Progress::end() {
  if (!Quiet && Terminal && Done)
    OS << "\r\033[K";
  Quiet = true;
}

//===- Progress.h - How far a long run is -----------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_DRIVER_PROGRESS_H
#define RACE_DRIVER_PROGRESS_H

#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <string>

namespace race {

/// Says on a terminal, in one line that is written again and again, how much is
/// done, how fast, and how long it will take; elsewhere in a line every ten
/// seconds. Not safe to be called from several threads at once.
class Progress {
public:
  /// \param Quiet says nothing at all.
  Progress(llvm::raw_ostream &OS, llvm::StringRef What, unsigned Total,
           bool Quiet);
  ~Progress() { end(); }

  /// One more is done: \p Name.
  void step(llvm::StringRef Name);
  /// Wipes the line away.
  void end();

private:
  using Clock = std::chrono::steady_clock;
  llvm::raw_ostream &OS;
  std::string What;
  unsigned Total;
  unsigned Done = 0;
  bool Quiet, Terminal;
  Clock::time_point Start, LastLine;
};

} // namespace race

#endif // RACE_DRIVER_PROGRESS_H

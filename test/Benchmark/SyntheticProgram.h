//===- SyntheticProgram.h - Summaries of a made-up program ------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_TEST_BENCHMARK_SYNTHETICPROGRAM_H
#define RACE_TEST_BENCHMARK_SYNTHETICPROGRAM_H

#include <cstdint>
#include <string>

namespace race {

/// A program of any size that has the shape of real ones: files in modules, a
/// class each, headers that many files include, calls that mostly stay near,
/// threads, locks, claims. Equal for equal size.
class SyntheticProgram {
public:
  /// \param Functions how many there are, without those in headers.
  explicit SyntheticProgram(unsigned Functions) : Functions(Functions) {}

  unsigned units() const;
  /// What reading file number \p Unit would give, as JSON.
  std::string unit(unsigned Unit) const;

private:
  class UnitMaker;
  unsigned Functions;
};

} // namespace race

#endif // RACE_TEST_BENCHMARK_SYNTHETICPROGRAM_H

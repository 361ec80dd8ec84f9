//===- PoolFinder.h - Pools, found by their structure -----------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUMMARY_POOLFINDER_H
#define RACE_SUMMARY_POOLFINDER_H

#include "race/Flow/Effect.h"
#include "race/Summary/CodeScan.h"
#include "race/Summary/PoolNames.h"
#include <string>
#include <vector>

namespace race {

/// A function that hands its parameter back to a pool.
struct PoolPut {
  const clang::FunctionDecl *Put;
  int Param;                         ///< -1: `this` puts itself back
  const clang::FunctionDecl *Get;    ///< null if nothing but Put is known
  const clang::ValueDecl *Container; ///< null if only declarations are seen
  /// Nothing else than a pool has this shape: elements are made when it is
  /// empty. Otherwise a queue of work looks the same, and more evidence is
  /// needed: the caller's resource came from Get, or the name of Put.
  bool Certain;
  /// Put or Get takes a lock.
  bool Locked;
  /// Get is no getter: it takes what was put there and disposes of it, on a
  /// thread of its own.
  bool HandedOver = false;
  /// Put stores through a method of Container, which is a class of the project.
  bool Unseen = false;
  Evidence Why;
  std::string Reason;
};

/// The pools of a translation unit.
///
/// By structure: a function stores its parameter in a container or on an
/// intrusive list from which another function, of the same class or file,
/// takes and returns elements of the same type. Where only declarations are
/// seen: a release-like method `void put(T *)` beside an acquire-like method
/// `T *get()`.
std::vector<PoolPut> findPools(const CodeScan &Scan, const PoolNames &Names);

/// Whether \p F is declared like one half of a pool whose other half is
/// declared beside it. Asked for callees without a body.
std::optional<PoolPut> poolByDeclaration(const clang::FunctionDecl *F,
                                         const PoolNames &Names);

/// Whether the names of \p F and of a class that it belongs to or is given say
/// that it hands its parameter back, and nothing else does. Asked for callees
/// without a body.
std::optional<PoolPut> poolByName(const clang::FunctionDecl *F,
                                  const PoolNames &Names);

} // namespace race

#endif // RACE_SUMMARY_POOLFINDER_H

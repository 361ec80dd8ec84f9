//===- Reach.h - How threads get to functions -------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_PROGRAM_REACH_H
#define RACE_LIB_PROGRAM_REACH_H

#include "RootSets.h"
#include "race/Program/Program.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <map>

namespace race {

/// What is known of all roots at each function of a call graph. Roots that get
/// to a function in the same way are one group there, so that the work hardly
/// grows with the number of roots.
///
/// At a function a root's facts are what holds on every way there (locks, own
/// object), so that they only fall, and the order of the work does not matter
/// to them.
class Reach {
public:
  /// Functions are numbers below \p Functions.
  Reach(unsigned Functions, unsigned Roots)
      : Sets(Roots), Of(Functions), Arrivals(Functions),
        Pending(Functions, RootSets::Empty), BeginAt(Functions) {}

  /// Says that \p Root begins with \p F and holds \p Locks, which nobody lets
  /// go, wherever it goes from there. That is kept with the root: a program has
  /// many threads that do all of their work under a lock of their own, and they
  /// would get to every function in as many ways. Comes before all arrivals.
  void holdAlways(unsigned Root, unsigned F, llvm::ArrayRef<EntityId> Locks);

  /// Notes that the roots \p Roots get to \p F so.
  /// \param From the function that calls, and by which call; null at a root.
  void arrive(unsigned F, const Reached &How, unsigned Roots,
              const FunctionSummary *From, const CallSummary *Through);

  /// For a function whose facts have changed: calls \p Use with each kind of
  /// changed facts and the roots that they are of. \returns false if nothing
  /// has changed.
  bool take(unsigned F,
            llvm::function_ref<void(const Reached &How, unsigned Roots)> Use);

  /// Whether take has something to give for \p F.
  bool isChanged(unsigned F) const { return Pending[F] != RootSets::Empty; }

  /// The facts of all roots at \p F, in the order of the roots.
  std::vector<Reached> at(unsigned F) const;

  /// The call by which \p Root got to \p F, and from where.
  std::pair<const CallSummary *, const FunctionSummary *>
  wayTo(unsigned F, unsigned Root) const;

  RootSets Sets;

private:
  struct Group {
    unsigned Fact;
    unsigned Roots;
  };
  struct Arrival {
    unsigned Roots;
    const CallSummary *Through;
    const FunctionSummary *From;
  };
  struct Meet {
    unsigned Fact;
    bool Worse; ///< less is sure: the new way is the one to show
  };
  void add(unsigned F, const Reached &How, unsigned Roots,
           const FunctionSummary *From, const CallSummary *Through);
  unsigned intern(const Reached &How);
  Meet meet(unsigned Old, unsigned New);

  /// The facts, each once, without root and way.
  std::vector<Reached> Facts;
  struct Less {
    bool operator()(const Reached &A, const Reached &B) const;
  };
  std::map<Reached, unsigned, Less> Numbers;
  llvm::DenseMap<std::pair<unsigned, unsigned>, Meet> Meets;
  std::vector<llvm::SmallVector<Group, 1>> Of;
  std::vector<llvm::SmallVector<Arrival, 1>> Arrivals;
  std::vector<unsigned> Pending;
  /// The locks that roots always hold, and these roots. Facts of these roots do
  /// not name them, but where the roots begin: there they hold none yet.
  llvm::DenseMap<EntityId, unsigned> Always;
  llvm::DenseMap<unsigned, llvm::SmallVector<EntityId, 1>> AlwaysBy;
  std::vector<unsigned> BeginAt;
};

} // namespace race

#endif // RACE_LIB_PROGRAM_REACH_H

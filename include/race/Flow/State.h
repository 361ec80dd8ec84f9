//===- State.h - What is known at one point of a path -----------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_FLOW_STATE_H
#define RACE_FLOW_STATE_H

#include "race/Flow/Memory.h"
#include "race/Support/FlatMap.h"
#include "llvm/ADT/ArrayRef.h"

namespace race {

/// What is known of a symbolic value. The empty fact knows nothing; join keeps
/// what both sides know, so that the order is "knows less".
struct Fact {
  enum Bits : uint8_t { Zero = 1, NonZero = 2, Negative = 4, NonNegative = 8 };
  uint8_t Known = 0;
  std::optional<int64_t> Equal;
  /// It is one of these, in order; empty if that is not known or if Equal is.
  std::vector<int64_t> Among;
  std::vector<int64_t> NotEqual;

  bool empty() const {
    return !Known && !Equal && NotEqual.empty() && Among.empty();
  }
  /// \returns false if \p V contradicts the fact.
  bool mayBe(int64_t V) const;
  Fact join(const Fact &O) const;
  bool operator==(const Fact &O) const {
    return Known == O.Known && Equal == O.Equal && NotEqual == O.NotEqual &&
           Among == O.Among;
  }
};

/// A lock that is held.
struct HeldLock {
  Loc Mutex = 0;
  LockMode Mode = LockMode::Exclusive;
  /// The guard object that will release it; 0 if it was locked by hand.
  Sym Owner = 0;
  unsigned OpId = 0;
  /// Was held when the function began, was let go, and is held again.
  bool Restored = false;
  /// Was held when the function began, an assertion says.
  bool Asserted = false;
  bool operator==(const HeldLock &O) const {
    return Mutex == O.Mutex && Mode == O.Mode && Owner == O.Owner;
  }
};

/// A resource that was handed back.
struct HandedBack {
  unsigned OpId = 0;
  /// Which of the call's hand-back effects.
  unsigned Effect = 0;
  bool operator==(const HandedBack &O) const {
    return OpId == O.OpId && Effect == O.Effect;
  }
};

/// A question that was asked of a container, whose answer is still around.
struct OpenQuery {
  /// As Effect: not an operation but the read of a plain field or variable.
  static constexpr unsigned PlainRead = ~0u;
  unsigned OpId = 0;
  unsigned Effect = 0;
  Loc Object = 0;
  Sym Key = 0;
  Sym Answer = 0;
  /// Locks that have been held without a break since it was asked.
  std::vector<Loc> HeldSince;
  /// Blocks whose branch depended on the answer.
  std::vector<int> Branches;
  /// For a PlainRead: what a branch compared the answer with.
  std::vector<Sym> ComparedWith;
  /// What else was asked for the sake of those branches.
  std::vector<Loc> Beside;
  /// Locks that were held when it was asked, by the function or in the callee.
  std::vector<Loc> Under;
  /// The operation that took one of those; 0 if the function holds none.
  unsigned Section = 0;
  /// The operation is atomic by itself.
  bool Synchronized = false;
  /// The answer is that of an operation that changed it, too.
  bool Changes = false;
  /// Something was changed under the locks under which it was asked, which may
  /// well be what keeps others out from then on.
  bool Claimed = false;
  bool operator==(const OpenQuery &O) const {
    return OpId == O.OpId && Effect == O.Effect && Object == O.Object &&
           Key == O.Key && Answer == O.Answer && HeldSince == O.HeldSince &&
           Branches == O.Branches && Under == O.Under && Claimed == O.Claimed;
  }
};

/// A register's content: a location or a value.
struct RegValue {
  Loc L = 0;
  Sym S = 0;
  bool operator==(const RegValue &O) const { return L == O.L && S == O.S; }
  bool operator!=(const RegValue &O) const { return !(*this == O); }
};

/// What is known at one point of a set of paths.
///
/// In the terms of property simulation (Das, Lerner, Seigle, "ESP", PLDI 2002)
/// the property is which locks are held and which resources were handed back;
/// all the rest is the execution state. States with the same property are
/// merged where paths meet, others are kept apart, so that just the branch
/// conditions that matter stay correlated.
class State {
public:
  FlatMap<Loc, Sym> Env;
  FlatMap<Reg, RegValue> Regs;
  FlatMap<Sym, Fact> Facts;
  /// The return statement that was passed: one more than its number.
  unsigned ReturnedBy = 0;
  /// What guards lock, held or not.
  FlatMap<Sym, std::vector<std::pair<Loc, LockMode>>> Guards;
  std::vector<OpenQuery> Queries;
  /// Property.
  std::vector<HeldLock> Locks;
  FlatMap<Sym, HandedBack> Gone;
  /// The functions from outside that were run, in order.
  std::vector<Sym> Ran;
  /// Locks that were released without having been taken here: the callers'.
  std::vector<Loc> Dropped;
  /// How the conditions went of which Simulation::tellApart was told.
  FlatMap<Sym, bool> Ways;

  bool sameProperty(const State &O) const;
  /// The least state above this and \p Incoming, which has the same property or
  /// is to be merged by force.
  /// \param Block where the paths meet: names the merged values.
  State join(const State &Incoming, Memory &M, unsigned Block) const;
  bool operator==(const State &O) const;

  /// Takes note that \p S is \p Truth (non-zero) from here on.
  /// \returns false if that cannot be: the path is impossible.
  bool assume(Memory &M, Sym S, bool Truth);
  /// As assume, for equality with a constant.
  bool assumeEqual(Memory &M, Sym S, int64_t V, bool Equal);
  /// Whether \p S is known to be zero or non-zero.
  std::optional<bool> truth(const Memory &M, Sym S) const;

  /// What \p L holds; 0 if there is no saying.
  Sym load(Memory &M, Loc L) const;
  /// Whether anything is known of \p S.
  bool knowsOf(const Memory &M, Sym S) const;
  /// All that is known of \p S.
  Fact factAbout(const Memory &M, Sym S) const;

  bool holds(Loc Mutex) const;
  void acquire(Loc Mutex, LockMode Mode, Sym Owner, unsigned OpId);
  /// \p Mutex is held, as it was when the function began.
  void assertHeld(Loc Mutex, LockMode Mode, unsigned OpId);
  void noteRun(Sym Callable);
  /// Adds \p Q, in place of what the same operation asked before.
  void ask(OpenQuery Q);
  /// Releases \p Mutex, whoever owns it.
  void release(Loc Mutex);

  /// Forgets what was known of the symbols \p Made, which an operation is about
  /// to make anew. Old copies of one become Older(it).
  void renew(Memory &M, llvm::ArrayRef<Sym> Made);
  /// Drops hand-backs, facts and guards of values that nothing can reach.
  void collectGarbage(const Memory &M);
};

} // namespace race

#endif // RACE_FLOW_STATE_H

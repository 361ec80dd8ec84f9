//===- Simulation.cpp - Property simulation of one function ---------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/Simulation.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Type.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace race;

SimulationClient::~SimulationClient() = default;

Simulation::Simulation(const FlowGraph &G, const EntityTable &Names,
                       SimulationClient &Client, Limits L)
    : G(G), Names(Names), Client(Client), Limit(L) {
  At.resize(G.Blocks.size());
  for (size_t B = 0; B < G.Blocks.size(); ++B)
    for (const Op &O : G.Blocks[B].Ops) {
      OpById.push_back(&O);
      BlockOfOp.push_back(B);
    }
}

void Simulation::rankBlocks() {
  Rank.assign(G.Blocks.size(), 0);
  for (unsigned I = 0; I < G.Order.size(); ++I)
    Rank[G.Order[I]] = I;
  // For each rank the end of what its block is the head of: one behind the last
  // block that leads back to it.
  std::vector<unsigned> EndOf(G.Order.size());
  auto Follow = [&](int From, int To) {
    if (To >= 0 && Rank[To] <= Rank[From])
      EndOf[Rank[To]] = std::max(EndOf[Rank[To]], Rank[From] + 1);
  };
  for (int B : G.Order) {
    for (int To : G.Blocks[B].Succs)
      Follow(B, To);
    for (int To : G.Blocks[B].Handlers)
      Follow(B, To);
  }
  Repeats.assign(G.Order.size(), 0);
  unsigned End = 0;
  for (unsigned R = 0; R < EndOf.size(); ++R) {
    End = std::max(End, EndOf[R]);
    Repeats[R] = R < End;
  }
}

void Simulation::report(unsigned First, unsigned Last) {
  Reporting = true;
  for (unsigned R = First; R < Last; ++R)
    if (Repeats[R])
      for (const State &In : At[G.Order[R]].In) {
        std::vector<std::pair<int, State>> Out;
        transfer(G.Order[R], In, Out);
      }
  Reporting = false;
}

bool Simulation::run() {
  rankBlocks();
  State First;
  Client.onEntry(*this, First);
  At[G.Entry].From[Outside].push_back(std::move(First));
  unsigned Steps = 0, Reported = 0;
  const unsigned MaxSteps = 2000 + Limit.StepsPerBlock * G.Blocks.size();
  // Each time the block that comes first in the order: a loop comes to rest
  // before what follows it is looked at.
  std::set<unsigned> Waiting{Rank[G.Entry]};
  while (!Waiting.empty()) {
    unsigned R = *Waiting.begin();
    int B = G.Order[R];
    Waiting.erase(Waiting.begin());
    // Only now: most predecessors come before it in this order, and each of
    // them would have it all joined once more.
    if (!gather(B))
      continue;
    // No way leads back past a block that is in no loop: what comes before it
    // has come to rest, and the block itself is gone over but once.
    if (!Repeats[R]) {
      report(std::exchange(Reported, R), R);
      Reporting = true;
    }
    Settling = true;
    std::vector<std::pair<int, State>> Out;
    for (const State &In : At[B].In) {
      if (++Steps > MaxSteps)
        return false;
      transfer(B, In, Out);
    }
    Settling = Reporting = false;
    auto Send = [&](int Key, int To, std::vector<State> States) {
      At[To].From[Key] = std::move(States);
      At[To].LoopHead |= R >= Rank[To];
      Waiting.insert(Rank[To]);
    };
    for (auto &[To, S] : std::exchange(Thrown, {}))
      Send(thrownFrom(B), To, {std::move(S)});
    std::map<int, std::vector<State>> ByTarget;
    for (int To : G.Blocks[B].Succs)
      if (To >= 0)
        ByTarget[To];
    for (auto &[To, S] : Out)
      merge(ByTarget[To], std::move(S), To);
    for (auto &[To, States] : ByTarget)
      Send(B, To, std::move(States));
  }
  report(Reported, G.Order.size());
  return true;
}

/// What \p L is a lock of if a pointer leads to it: that pointer; 0 otherwise.
static Sym pointerToLock(const Memory &M, Loc L) {
  const Memory::LocInfo &I = M.info(L);
  return I.Kind == Memory::LocKind::Pointee ? I.Id : 0;
}

/// Where there is no lock (`if (lock) take(lock);`), nobody is there to be kept
/// out: as good as held. Gives \p To the locks that \p From holds through
/// pointers that are null in \p To, and takes those that \p From let go.
static void evenLocks(const Memory &M, const State &From, State &To) {
  auto IsNull = [&](Loc L) {
    Sym Pointer = pointerToLock(M, L);
    return Pointer && To.truth(M, Pointer) == std::optional<bool>(false);
  };
  for (const HeldLock &L : From.Locks)
    if (!To.holds(L.Mutex) && IsNull(L.Mutex))
      To.acquire(L.Mutex, L.Mode, L.Owner, L.OpId);
  for (Loc L : From.Dropped)
    if (!llvm::is_contained(To.Dropped, L) && IsNull(L))
      To.release(L);
}

void Simulation::merge(std::vector<State> &Into, State S, int Block) {
  for (State &X : Into) {
    evenLocks(M, X, S);
    evenLocks(M, S, X);
  }
  auto Same =
      llvm::find_if(Into, [&](const State &X) { return X.sameProperty(S); });
  if (Same == Into.end() && Into.size() >= Limit.StatesPerBlock) {
    Same = std::prev(Into.end());
    Forced = true;
  }
  if (Same == Into.end())
    Into.push_back(std::move(S));
  else if (!(*Same == S))
    *Same = Same->join(S, M, Block);
}

bool Simulation::gather(int B) {
  BlockStates &BS = At[B];
  // Where paths only meet, the states are those that come in now; at the head
  // of a loop they take in the earlier ones, so that the iteration ends.
  std::vector<State> New;
  if (BS.LoopHead)
    New = BS.In;
  // Which of the calls threw, if any can, is not known: what holds after all of
  // them is sure.
  std::optional<State> Maybe;
  for (const auto &[Pred, Incoming] : BS.From)
    for (const State &S : Incoming)
      if (Pred >= 0 || Pred == Outside)
        merge(New, S, B);
      else
        Maybe = Maybe ? Maybe->join(S, M, B) : S;
  if (Maybe)
    merge(New, std::move(*Maybe), B);
  if (New == BS.In)
    return false;
  BS.In = std::move(New);
  return true;
}

void Simulation::transfer(int B, const State &In,
                          std::vector<std::pair<int, State>> &Out) {
  Block = B;
  const FlowBlock &FB = G.Blocks[B];
  std::vector<State> States{In};
  for (const Op &O : FB.Ops) {
    for (size_t I = 0, E = States.size(); I < E; ++I) {
      Now = &States[I];
      if (O.Handler >= 0 && Settling && mayThrow(O))
        noteThrown(States[I], O.Handler);
      execute(O, States, I);
    }
    if (O.Kind == OpKind::Call && !G.Calls[O.Index].Virtual &&
        effects(O).NoReturn)
      return;
  }
  for (State &S : States) {
    if (B == G.Exit && Reporting) {
      Now = &S;
      reportReturned(S);
      const RegValue *V = S.Regs.find(ReturnedReg);
      Client.onExit(*this, S, V ? *V : RegValue());
    }
    leave(B, std::move(S), Out);
  }
}

void Simulation::leave(int B, State S,
                       std::vector<std::pair<int, State>> &Out) {
  const FlowBlock &FB = G.Blocks[B];
  Now = &S;
  Sym C = FB.Condition < 0 ? 0 : asValue(S, reg(FB.Condition), 0);
  if (C && Reporting && FB.Succs.front() >= 0)
    Client.onBranch(*this, S, C);
  if (!Settling)
    return;
  for (OpenQuery &Q : S.Queries)
    if (C && Q.Answer && M.dependsOn(C, Q.Answer) &&
        !llvm::is_contained(Q.Branches, B)) {
      Q.Branches.push_back(B);
      llvm::sort(Q.Branches);
      if (Sym Other = M.comparedWith(C, Q.Answer))
        Q.ComparedWith.push_back(Other);
      for (const OpenQuery &X : S.Queries)
        if (X.Object != Q.Object && X.Answer && M.dependsOn(C, X.Answer))
          Q.Beside.push_back(X.Object);
    }
  forgetDead(S);
  for (unsigned I = 0; I < FB.Succs.size(); ++I) {
    if (FB.Succs[I] < 0)
      continue;
    State Next = S;
    bool Possible = true;
    if (C && FB.Cases.empty()) {
      Possible = Next.assume(M, C, I == 0);
      bool Way = true;
      if (Apart.count(B))
        if (Sym Tested = M.testedBy(C, Way))
          Next.Ways[Tested] = (I == 0) == Way;
    } else if (C && FB.Cases[I]) {
      Possible = Next.assumeEqual(M, C, *FB.Cases[I], true);
    } else if (C) {
      for (const std::optional<int64_t> &V : FB.Cases)
        Possible = Possible && (!V || Next.assumeEqual(M, C, *V, false));
    }
    if (!Possible)
      continue;
    // `if (lock) release(lock);`: the lock that is not there is not held any
    // longer, either.
    bool Truth = true;
    if (Sym Tested = C && FB.Cases.empty() ? M.testedBy(C, Truth) : 0;
        Tested && (I == 0) != Truth && Next.holds(M.pointee(Tested)))
      Next.release(M.pointee(Tested));
    if (G.Blocks[FB.Succs[I]].Dispatches)
      unwind(Next, G.Blocks[FB.Succs[I]]);
    Out.push_back({FB.Succs[I], std::move(Next)});
  }
}

bool Simulation::mayThrow(const Op &O) const {
  const CallInfo &Call = G.Calls[O.Index];
  if (Call.Delete || Call.Destroyed >= 0)
    return false;
  if (Call.Callee)
    if (const auto *T =
            Call.Callee->getType()->getAs<clang::FunctionProtoType>();
        T && T->canThrow() == clang::CT_Cannot)
      return false;
  // Those that hand back or lock are not what a handler is written for.
  const Effects &E = effects(O);
  return E.HandBacks.empty() && E.Locks.empty();
}

void Simulation::noteThrown(const State &S, int Handler) {
  State Next = S;
  unwind(Next, G.Blocks[Handler]);
  forgetDead(Next);
  auto [It, New] = Thrown.try_emplace(Handler, Next);
  if (!New && !(It->second == Next))
    It->second = It->second.join(Next, M, Handler);
}

void Simulation::unwind(State &S, const FlowBlock &Dispatch) {
  // Its answers are not what the code in a handler relies on.
  S.Queries.clear();
  for (unsigned I : Dispatch.Unwinds) {
    Loc L = M.local(I);
    if (Sym V = load(S, L); S.Guards.find(V))
      releaseOwned(S, V);
    S.Env.eraseIf([&](const auto &P) { return M.rootOf(P.first) == L; });
  }
}

void Simulation::forgetDead(State &S) const {
  S.Regs.eraseIf([&](const auto &P) {
    return P.first >= 0 && !G.LiveAcrossBlocks[P.first];
  });
  S.collectGarbage(M);
}

bool Simulation::reaches(int From, int To) const {
  return reaches(From, To, /*Around=*/-1);
}

/// The same for a path that keeps out of block \p Around.
bool Simulation::reaches(int From, int To, int Around) const {
  std::vector<char> Seen(G.Blocks.size());
  llvm::SmallVector<int, 16> Work{From};
  while (!Work.empty()) {
    int At = Work.pop_back_val();
    if (At == To)
      return true;
    for (int Next : G.Blocks[At].Succs)
      if (Next >= 0 && Next != Around && !Seen[Next]) {
        Seen[Next] = 1;
        Work.push_back(Next);
      }
  }
  return false;
}

bool Simulation::inLoop(unsigned Id) const {
  int B = BlockOfOp[Id];
  return llvm::any_of(G.Blocks[B].Succs,
                      [&](int Next) { return Next >= 0 && reaches(Next, B); });
}

bool Simulation::failureEnds(const State &S, Sym Condition,
                             unsigned OpId) const {
  const FlowBlock &B = G.Blocks[Block];
  if (B.Succs.size() != 2 || !B.Cases.empty())
    return false;
  if (!M.dependsOn(Condition, M.unknown(OpId)))
    return false;
  // The answer itself, or the part of it that says whether it was done.
  const Memory::SymInfo &C = M.symbol(Condition);
  Sym Tested = C.Kind == Memory::SymKind::Compare ? C.A : Condition;
  State Failed = S;
  if (!Failed.assume(M, Tested, false))
    return false;
  std::optional<bool> Way = Failed.truth(M, Condition);
  return Way && !reachesExit(B.Succs[*Way ? 0 : 1]) &&
         reachesExit(B.Succs[*Way ? 1 : 0]);
}

bool Simulation::postDominates(int A, int B) const {
  // Unless a way from B to an end goes past A.
  std::vector<char> Seen(G.Blocks.size());
  llvm::SmallVector<int, 16> Work;
  if (A != B)
    Work.push_back(B);
  while (!Work.empty()) {
    int X = Work.pop_back_val();
    // Nothing comes after an assertion's failure: it has no say.
    if (G.Blocks[X].Aborts)
      continue;
    bool Ends = true;
    for (int Next : G.Blocks[X].Succs) {
      if (Next < 0)
        continue;
      Ends = false;
      if (Next != A && !std::exchange(Seen[Next], 1))
        Work.push_back(Next);
    }
    if (Ends)
      return false;
  }
  return true;
}

const Simulation::Branch &Simulation::branch(int B) const {
  auto [It, New] = Branches.try_emplace(B);
  Branch &Found = It->second;
  if (!New)
    return Found;
  std::vector<bool> Region(G.Blocks.size());
  std::vector<int> Work(G.Blocks[B].Succs.begin(), G.Blocks[B].Succs.end());
  while (!Work.empty()) {
    int X = Work.back();
    Work.pop_back();
    if (X < 0 || Region[X] || postDominates(X, B))
      continue;
    Region[X] = true;
    if (!G.Blocks[X].Aborts)
      Work.insert(Work.end(), G.Blocks[X].Succs.begin(),
                  G.Blocks[X].Succs.end());
  }
  Found.Ahead.resize(G.Blocks.size());
  for (Work.push_back(B); !Work.empty();) {
    int X = Work.back();
    Work.pop_back();
    for (int Next : G.Blocks[X].Succs)
      if (Next >= 0 && Rank[Next] > Rank[X] && !Found.Ahead[Next]) {
        Found.Ahead[Next] = true;
        Work.push_back(Next);
      }
  }
  Found.LeavesTrace = leavesTrace(Region);
  Found.Region = std::move(Region);
  return Found;
}

bool Simulation::leavesTrace(const std::vector<bool> &Region) const {
  llvm::SmallDenseSet<unsigned> Set, Read;
  llvm::SmallDenseSet<Reg> Given;
  for (int X : G.Order) {
    llvm::SmallDenseMap<Reg, unsigned> Locals;
    for (const Op &O : G.Blocks[X].Ops) {
      if (Region[X] && O.Dst >= 0 && G.LiveAcrossBlocks[O.Dst])
        Given.insert(O.Dst);
      if (O.Kind == OpKind::Local) {
        Locals[O.Dst] = O.Index;
        if (!Region[X])
          Read.insert(O.Index);
      }
      if (!Region[X])
        continue;
      Reg To = NoReg;
      if (O.Kind == OpKind::Store || O.Kind == OpKind::Change)
        To = O.A;
      else if (O.Kind == OpKind::Call && G.Calls[O.Index].Destroyed == NoReg &&
               !G.Calls[O.Index].Constructor &&
               (G.Calls[O.Index].MayChange >> Effects::ThisBit & 1))
        To = G.Calls[O.Index].This;
      if (auto It = Locals.find(To); To != NoReg && It != Locals.end())
        Set.insert(It->second);
    }
  }
  return llvm::any_of(Set, [&](unsigned L) { return Read.contains(L); }) ||
         llvm::any_of(G.Order, [&](int X) {
           return !Region[X] && Given.contains(G.Blocks[X].Condition);
         });
}

bool Simulation::decides(int B, int A) const {
  return !postDominates(A, B) && (branch(B).Region[A] || branch(B).LeavesTrace);
}

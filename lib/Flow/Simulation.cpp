//===- Simulation.cpp - Property simulation of one function ---------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/Simulation.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/LambdaCapture.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace race;

SimulationClient::~SimulationClient() = default;

/// Deeper locations are not told apart; see Memory.
static constexpr uint32_t MaxDepth = 12;

Simulation::Simulation(const FlowGraph &G, const EntityTable &Names,
                       SimulationClient &Client, Limits L)
    : G(G), Names(Names), Client(Client), Limit(L) {
  At.resize(G.Blocks.size());
  Waiting.assign(G.Blocks.size(), 0);
  for (size_t B = 0; B < G.Blocks.size(); ++B)
    for (const Op &O : G.Blocks[B].Ops) {
      OpById.push_back(&O);
      BlockOfOp.push_back(B);
    }
}

bool Simulation::run() {
  std::vector<unsigned> Rank(G.Blocks.size(), ~0u);
  for (unsigned I = 0; I < G.Order.size(); ++I)
    Rank[G.Order[I]] = I;

  State First;
  Client.onEntry(*this, First);
  At[G.Entry].From[-1].push_back(std::move(First));
  Waiting[G.Entry] = 1;
  unsigned Steps = 0;
  const unsigned MaxSteps = 2000 + Limit.StepsPerBlock * G.Blocks.size();
  // In reverse postorder, again and again while a block waits.
  do {
    for (int B : G.Order) {
      if (!Waiting[B])
        continue;
      Waiting[B] = 0;
      // Only now: most predecessors come before it in this order, and each of
      // them would have it all joined once more.
      if (!gather(B))
        continue;
      std::vector<std::pair<int, State>> Out;
      for (const State &In : At[B].In) {
        if (++Steps > MaxSteps)
          return false;
        transfer(B, In, Out);
      }
      std::map<int, std::vector<State>> ByTarget;
      for (int To : G.Blocks[B].Succs)
        if (To >= 0)
          ByTarget[To];
      for (auto &[To, S] : Out)
        merge(ByTarget[To], std::move(S), To);
      for (auto &[To, States] : ByTarget) {
        At[To].From[B] = std::move(States);
        At[To].LoopHead |= Rank[B] >= Rank[To];
        Waiting[To] = 1;
      }
    }
  } while (llvm::is_contained(Waiting, 1));

  Reporting = true;
  for (int B : G.Order)
    for (const State &In : At[B].In) {
      std::vector<std::pair<int, State>> Out;
      transfer(B, In, Out);
    }
  return true;
}

void Simulation::merge(std::vector<State> &Into, State S, int Block) {
  auto Same =
      llvm::find_if(Into, [&](const State &X) { return X.sameProperty(S); });
  if (Same == Into.end() && Into.size() >= Limit.StatesPerBlock)
    Same = std::prev(Into.end());
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
  for (const auto &[Pred, Incoming] : BS.From)
    for (const State &S : Incoming)
      merge(New, S, B);
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
  for (const Op &O : FB.Ops)
    for (size_t I = 0, E = States.size(); I < E; ++I) {
      Now = &States[I];
      execute(O, States, I);
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
  for (OpenQuery &Q : S.Queries)
    if (C && Q.Answer && M.dependsOn(C, Q.Answer) &&
        !llvm::is_contained(Q.Branches, B)) {
      Q.Branches.push_back(B);
      llvm::sort(Q.Branches);
      if (Sym Other = M.comparedWith(C, Q.Answer))
        Q.ComparedWith.push_back(Other);
    }
  S.Regs.eraseIf([&](const auto &P) {
    return P.first >= 0 && !G.LiveAcrossBlocks[P.first];
  });
  S.collectGarbage(M);
  for (unsigned I = 0; I < FB.Succs.size(); ++I) {
    if (FB.Succs[I] < 0)
      continue;
    State Next = S;
    bool Possible = true;
    if (C && FB.Cases.empty()) {
      Possible = Next.assume(M, C, I == 0);
    } else if (C && FB.Cases[I]) {
      Possible = Next.assumeEqual(M, C, *FB.Cases[I], true);
    } else if (C) {
      for (const std::optional<int64_t> &V : FB.Cases)
        Possible = Possible && (!V || Next.assumeEqual(M, C, *V, false));
    }
    if (Possible)
      Out.push_back({FB.Succs[I], std::move(Next)});
  }
}

RegValue Simulation::reg(Reg R) const {
  if (R < 0)
    return {};
  const RegValue *V = Now->Regs.find(R);
  return V ? *V : RegValue();
}

void Simulation::set(State &S, Reg R, RegValue V) {
  if (R != NoReg)
    S.Regs[R] = V;
}

Loc Simulation::asLocation(RegValue V) const {
  return V.L ? V.L : V.S ? M.temp(V.S) : 0;
}

Sym Simulation::asValue(State &S, RegValue V, unsigned OpId) {
  if (V.S)
    return V.S;
  return V.L ? load(S, V.L) : M.unknown(OpId);
}

Sym Simulation::load(const State &S, Loc L) const {
  if (!L)
    return 0;
  if (const Sym *V = S.Env.find(L))
    return *V;
  if (M.info(L).Depth > MaxDepth)
    return 0;
  // A part of a whole that was copied: derived from the whole's value.
  const Memory::LocInfo &I = M.info(L);
  if (I.Kind == Memory::LocKind::Field || I.Kind == Memory::LocKind::Index)
    if (const Sym *Whole = S.Env.find(I.Parent)) {
      const Memory::SymInfo &W = M.symbol(*Whole);
      if (I.Kind == Memory::LocKind::Field)
        if (const Sym *Part =
                S.Env.find(M.field(M.temp(*Whole), EntityId{I.Id})))
          return *Part;
      if (W.Kind == Memory::SymKind::Initial)
        return M.initial(I.Kind == Memory::LocKind::Field
                             ? M.field(W.Where, {I.Id})
                             : M.index(W.Where, I.Id));
      // Nothing is left of what the variable held in an earlier turn.
      if ((W.Kind == Memory::SymKind::Unknown ||
           W.Kind == Memory::SymKind::Derive) &&
          I.Kind == Memory::LocKind::Field)
        return M.initial(M.field(M.temp(*Whole), EntityId{I.Id}));
    }
  return M.initial(L);
}

void Simulation::store(State &S, Loc L, Sym V, unsigned OpId) {
  if (!L)
    return;
  // A new whole has new parts.
  S.Env.eraseIf([&](const auto &P) {
    return P.first != L && M.rootOf(P.first) == M.rootOf(L) &&
           M.isWithin(P.first, L);
  });
  S.Env[L] = V;
  // Through another pointer the same field of the same object may be seen.
  const Memory::LocInfo &I = M.info(L);
  if (I.Kind != Memory::LocKind::Field || !M.pointerTo(L))
    return;
  std::vector<Loc> Aliases;
  for (const auto &[X, Y] : S.Env) {
    const Memory::LocInfo &O = M.info(X);
    Memory::LocKind Root = M.info(M.rootOf(X)).Kind;
    if (X != L && O.Kind == Memory::LocKind::Field && O.Id == I.Id && Y != V &&
        (Root == Memory::LocKind::Pointee || Root == Memory::LocKind::Global))
      Aliases.push_back(X);
  }
  if (!Aliases.empty())
    forget(S, Aliases, OpId);
}

void Simulation::forget(State &S, llvm::ArrayRef<Loc> Changed, unsigned OpId) {
  llvm::SmallVector<Loc, 16> All;
  llvm::SmallDenseSet<Loc, 16> Outer(Changed.begin(), Changed.end());
  for (const auto &Entry : S.Env) {
    unsigned Steps = 0;
    for (Loc L = Entry.first; L && Steps < 64; L = M.enclosing(L), ++Steps)
      if (Outer.contains(L)) {
        All.push_back(Entry.first);
        break;
      }
  }
  for (Loc L : Changed)
    if (L && M.info(L).Depth <= MaxDepth && !S.Env.find(L))
      All.push_back(L);
  llvm::SmallVector<Sym, 16> Known;
  for (Loc X : All) {
    size_t Before = M.numSymbols();
    Sym New = M.changed(OpId, X);
    if (M.numSymbols() == Before)
      Known.push_back(New);
  }
  S.renew(M, Known);
  for (Loc X : All)
    S.Env[X] = M.changed(OpId, X);
}

Sym Simulation::fresh(State &S, unsigned OpId) {
  // What is made for the first time nobody can have kept.
  size_t Before = M.numSymbols();
  Sym V = M.unknown(OpId);
  if (M.numSymbols() == Before)
    S.renew(M, V);
  return V;
}

void Simulation::touch(State &S, const Op &O, Loc L, bool Write) {
  if (!L)
    return;
  if (!Write && O.Kind == OpKind::Load && Client.tracksRead(*this, L))
    track(S, O, L, load(S, L));
  Memory::LocKind K = M.info(M.rootOf(L)).Kind;
  bool Visible = K != Memory::LocKind::Local && K != Memory::LocKind::Temp;
  if (Reporting) {
    if (Sym Through = M.pointerTo(L))
      if (S.Gone.find(Through))
        Client.onUse(*this, S, O, Through, UseKind::Access);
    if (Visible)
      Client.onAccess(*this, S, O, L, Write);
  }
  // What changes inside of a call is what its effects say.
  if (Write && Visible && O.Kind != OpKind::Call)
    claim(S, L);
}

void Simulation::claim(State &S, Loc Written) {
  llvm::erase_if(S.Queries, [&](const OpenQuery &Q) {
    return Q.Effect == OpenQuery::PlainRead && Q.Object == Written;
  });
  for (OpenQuery &Q : S.Queries)
    Q.Claimed |= !Q.HeldSince.empty();
}

void Simulation::track(State &S, const Op &O, Loc L, Sym Answer) {
  OpenQuery Q;
  Q.OpId = O.Id;
  Q.Effect = OpenQuery::PlainRead;
  Q.Object = L;
  Q.Answer = Answer;
  for (const HeldLock &H : S.Locks)
    Q.HeldSince.push_back(H.Mutex);
  Q.Under = Q.HeldSince;
  S.ask(std::move(Q));
}

void Simulation::execute(const Op &O, std::vector<State> &States, size_t I) {
  State &S = States[I];
  switch (O.Kind) {
  case OpKind::Local:
    return set(S, O.Dst, {M.local(O.Index), 0});
  case OpKind::Global:
    return set(S, O.Dst, {M.global(O.Entity), 0});
  case OpKind::Capture:
    return set(S, O.Dst, {M.capture(O.Entity), 0});
  case OpKind::This:
    return set(S, O.Dst, {0, M.thisValue()});
  case OpKind::Const:
    return set(S, O.Dst, {0, M.constant(O.Value)});
  case OpKind::Function:
    copyCaptures(S, O.Callee);
    return set(S, O.Dst, {0, M.function(O.Callee)});
  case OpKind::Opaque: {
    Sym V = fresh(S, O.Id);
    if (O.NonNull)
      S.Facts[V].Known |= Fact::NonZero;
    return set(S, O.Dst, {0, V});
  }
  case OpKind::Field:
    return set(S, O.Dst, {M.field(asLocation(reg(O.A)), O.Entity), 0});
  case OpKind::Index: {
    RegValue At = reg(O.B);
    Sym Idx = At.S ? At.S : At.L ? load(S, At.L) : M.unknown(O.Id);
    return set(S, O.Dst, {M.index(asLocation(reg(O.A)), Idx), 0});
  }
  case OpKind::Deref: {
    Sym V = asValue(S, reg(O.A), O.Id);
    return set(S, O.Dst, {M.pointee(V), 0});
  }
  case OpKind::Load: {
    RegValue From = reg(O.A);
    if (!From.L)
      return set(S, O.Dst, From);
    touch(S, O, From.L, false);
    Sym V = load(S, From.L);
    if (!V) {
      V = fresh(S, O.Id);
    } else {
      S.Env[From.L] = V;
    }
    return set(S, O.Dst, {0, V});
  }
  case OpKind::AddrOf: {
    RegValue From = reg(O.A);
    return set(S, O.Dst, {0, M.address(asLocation(From))});
  }
  case OpKind::Copy:
    return set(S, O.Dst, reg(O.A));
  case OpKind::Derive: {
    // The same operator on the same values gives the same value.
    unsigned Tag = O.Value ? ~unsigned(O.Value) : O.Id;
    Sym B = O.B < 0 ? 0 : asValue(S, reg(O.B), O.Id);
    return set(S, O.Dst, {0, M.derive(asValue(S, reg(O.A), O.Id), B, Tag)});
  }
  case OpKind::Compare:
    return set(S, O.Dst,
               {0, M.compare(O.Cmp, asValue(S, reg(O.A), O.Id),
                             asValue(S, reg(O.B), O.Id))});
  case OpKind::Not: {
    Sym V = asValue(S, reg(O.A), O.Id);
    return set(S, O.Dst, {0, M.compare(Comparison::EQ, V, M.constant(0))});
  }
  case OpKind::Store: {
    Loc L = asLocation(reg(O.A));
    touch(S, O, L, true);
    Sym V = asValue(S, reg(O.B), O.Id);
    Memory::LocKind Root = M.info(M.rootOf(L)).Kind;
    if (Reporting && S.Gone.find(V) && Root != Memory::LocKind::Local &&
        Root != Memory::LocKind::Temp)
      Client.onUse(*this, S, O, V, UseKind::Stored);
    store(S, L, V, O.Id);
    if (V && Client.storeHandsBack(*this, O, L, V))
      S.Gone[V] = {O.Id, 0};
    return;
  }
  case OpKind::Change: {
    Loc L = asLocation(reg(O.A));
    touch(S, O, L, true);
    return forget(S, L, O.Id);
  }
  case OpKind::Call:
    return executeCall(O, States, I);
  case OpKind::Move:
    if (Loc L = asLocation(reg(O.A)))
      S.Env[M.field(L, EntityId())] = M.constant(1);
    return;
  case OpKind::Destroy:
    return destroy(S, reg(O.A));
  case OpKind::EndOfLife: {
    Loc L = M.local(O.Index);
    S.Env.eraseIf([&](const auto &P) { return M.rootOf(P.first) == L; });
    return;
  }
  case OpKind::Return: {
    RegValue V = reg(O.A);
    if (Reporting) {
      if (V.S && S.Gone.find(V.S))
        Client.onUse(*this, S, O, V.S, UseKind::Returned);
      Client.onReturn(*this, S, O, V);
    }
    S.Regs[ReturnedReg] = V;
    S.ReturnedBy = O.Id + 1;
    return;
  }
  }
}

void Simulation::copyCaptures(State &S, const clang::FunctionDecl *F) {
  const auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(F);
  if (!Method || !Method->getParent()->isLambda())
    return;
  Loc Lambda = M.temp(M.function(F));
  for (const clang::LambdaCapture &C : Method->getParent()->captures()) {
    if (!C.capturesVariable() || C.getCaptureKind() != clang::LCK_ByCopy)
      continue;
    for (unsigned I = 0; I < G.Locals.size(); ++I)
      if (G.Locals[I].Decl == C.getCapturedVar())
        if (Sym V = load(S, M.local(I)))
          S.Env[M.field(Lambda, G.Locals[I].Entity)] = V;
  }
}

void Simulation::reportReturned(const State &S) {
  const RegValue *V = S.Regs.find(ReturnedReg);
  const HandedBack *Back = V && V->S ? S.Gone.find(V->S) : nullptr;
  if (!Back || !S.ReturnedBy || G.Function->getReturnType()->isRecordType())
    return;
  // What was gone at the return itself has been reported there.
  const Op &By = op(Back->OpId);
  if (By.Kind == OpKind::Call && G.Calls[By.Index].Destroyed >= 0)
    Client.onUse(*this, S, op(S.ReturnedBy - 1), V->S, UseKind::Returned);
}

Loc Simulation::inside(const AccessPath &P) const {
  Loc L = 0;
  Sym V = 0;
  switch (P.Root) {
  case AccessPath::Param:
    for (unsigned I = 0; I < G.Locals.size(); ++I)
      if (G.Locals[I].Param == int(P.Index))
        L = M.local(I);
    break;
  case AccessPath::This:
    V = M.thisValue();
    break;
  case AccessPath::Global:
    L = M.global(P.Entity);
    break;
  case AccessPath::Capture:
    L = M.capture(P.Entity);
    break;
  case AccessPath::Result:
  case AccessPath::Elsewhere:
    return 0;
  }
  for (const PathStep &Step : P.Steps) {
    if (Step.Kind == PathStep::Deref) {
      L = M.pointee(L ? M.initial(L) : V);
      V = 0;
      continue;
    }
    if (!L)
      return 0;
    L = Step.Kind == PathStep::Field ? M.field(L, Step.Entity) : M.index(L, 0);
  }
  return L;
}

void Simulation::destroy(State &S, RegValue V) {
  Sym Object = V.S ? V.S : load(S, V.L);
  if (!Object)
    return;
  // What is returned lives on with the caller.
  const RegValue *Returned = S.Regs.find(ReturnedReg);
  if (Returned && Returned->S == Object)
    return;
  std::vector<Loc> Release;
  for (const HeldLock &L : S.Locks)
    if (L.Owner == Object)
      Release.push_back(L.Mutex);
  for (Loc L : Release)
    S.release(L);
}

bool Simulation::isNew(Sym Pointer) const {
  const Memory::SymInfo &I = M.symbol(Pointer);
  if (!Pointer || I.Kind != Memory::SymKind::Unknown)
    return false;
  const Op &O = op(I.Id);
  if (O.Kind == OpKind::Opaque)
    return O.NonNull;
  return O.Callee && O.Callee->getIdentifier() &&
         O.Callee->getName().starts_with("make_");
}

bool Simulation::reaches(int From, int To) const {
  std::vector<char> Seen(G.Blocks.size());
  llvm::SmallVector<int, 16> Work{From};
  while (!Work.empty()) {
    int At = Work.pop_back_val();
    if (At == To)
      return true;
    for (int Next : G.Blocks[At].Succs)
      if (Next >= 0 && !Seen[Next]) {
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

void Simulation::computePostDominators() const {
  size_t N = G.Blocks.size();
  PostDom.assign(N, std::vector<bool>(N, true));
  PostDom[G.Exit].assign(N, false);
  PostDom[G.Exit][G.Exit] = true;
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (int B : llvm::reverse(G.Order)) {
      if (B == G.Exit)
        continue;
      std::vector<bool> New(N, true);
      bool Any = false;
      for (int To : G.Blocks[B].Succs) {
        if (To < 0)
          continue;
        Any = true;
        for (size_t I = 0; I < N; ++I)
          New[I] = New[I] && PostDom[To][I];
      }
      if (!Any)
        New.assign(N, false);
      New[B] = true;
      if (New != PostDom[B]) {
        PostDom[B] = New;
        Changed = true;
      }
    }
  }
}

bool Simulation::postDominates(int A, int B) const {
  // Needed only where a query and an act were found: computed on demand.
  if (PostDom.empty()) {
    if (G.Blocks.size() > 1000)
      return false;
    computePostDominators();
  }
  return PostDom[B][A];
}

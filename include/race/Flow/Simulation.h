//===- Simulation.h - Property simulation of one function -------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_FLOW_SIMULATION_H
#define RACE_FLOW_SIMULATION_H

#include "race/Flow/Effect.h"
#include "race/Flow/FlowGraph.h"
#include "race/Flow/State.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <climits>
#include <map>
#include <set>

namespace race {

class Simulation;

/// A use of a resource.
enum class UseKind : uint8_t {
  Access,   ///< read or written through
  Passed,   ///< passed to a function that looks at it
  Called,   ///< a method is called on it
  Followed, ///< a function is called that finds it in what it is given
  Returned,
  Stored, ///< put where others find it
  Kept,   ///< by a lambda or the like, which looks at it when it runs
};

/// Knows what calls do, and is told what happens.
///
/// The on... functions are called when nothing changes any more, in the order
/// of the blocks, once for every state that reaches a block. The state is that
/// just before the operation.
class SimulationClient {
public:
  virtual ~SimulationClient();

  /// What the call \p O does. Asked often: the simulation keeps the answer.
  virtual Effects effectsOf(const Op &O, const CallInfo &Call) = 0;

  /// What is known when the function begins, besides nothing: locks that its
  /// callers hold.
  virtual void onEntry(const Simulation &, State &) {}
  /// A location that is reached through a pointer, or a static or captured
  /// variable, is read or written.
  virtual void onAccess(const Simulation &, const State &, const Op &, Loc,
                        bool /*Write*/) {}
  /// The value, which is a resource that was handed back or leads into one, is
  /// used; see Simulation::goneBehind.
  virtual void onUse(const Simulation &, const State &, const Op &, Sym,
                     UseKind) {}
  /// While something is handed back, what the value leads to is looked at.
  virtual void onLook(const Simulation &, const State &, const Op &, Sym) {}
  /// \p S is handed back by effect \p E of the call.
  virtual void onHandBack(const Simulation &, const State &, const Op &, Sym,
                          const HandBackEffect &) {}
  /// The container at \p Object is asked or changed.
  virtual void onContainer(const Simulation &, const State &, const Op &,
                           const ContainerEffect &, Loc /*Object*/,
                           Sym /*Key*/) {}
  /// The lock at \p Mutex is taken, released or waited on.
  virtual void onLock(const Simulation &, const State &, const Op &,
                      const LockEffect &, Loc /*Mutex*/) {}
  /// A call is made. \p Locks of the state are held.
  virtual void onCall(const Simulation &, const State &, const Op &,
                      const CallInfo &) {}
  /// \p O runs the function that \p Callable, a value from outside, is.
  virtual void onRun(const Simulation &, const Op &, Sym /*Callable*/) {}
  /// Whether reads of the plain location are to be kept among the open queries.
  virtual bool tracksRead(const Simulation &, Loc) { return false; }
  /// Whether storing \p V at \p L hands it back: the function is a pool's, and
  /// this is how it keeps what it took back.
  virtual bool storeHandsBack(const Simulation &, const Op &, Loc, Sym) {
    return false;
  }
  /// Other members of the same object that only ever lead into what member
  /// \p Field points to.
  virtual llvm::ArrayRef<EntityId> pointersInto(EntityId /*Field*/) {
    return {};
  }
  /// Whether member \p Field is where objects keep the arena that they lie in.
  virtual bool keepsOwnArena(EntityId /*Field*/) { return false; }
  /// Whether the call may set the member of what it is given as argument \p I,
  /// or as its object if that is Effects::ThisBit.
  virtual bool maySet(const CallInfo &, unsigned /*I*/, EntityId /*Member*/) {
    return true;
  }
  /// Whether it is known that the call sets the member in some object, given to
  /// it or not.
  virtual bool sets(const CallInfo &, EntityId /*Member*/) { return false; }
  /// A call gave \p Result; the state is that after the call.
  virtual void onResult(const Simulation &, const State &, const Op &,
                        Sym /*Result*/) {}
  /// The block ends with a branch on \p Condition.
  virtual void onBranch(const Simulation &, const State &, Sym /*Condition*/) {}
  /// A return statement returns \p Value.
  virtual void onReturn(const Simulation &, const State &, const Op &,
                        RegValue /*Value*/) {}
  /// The function has come to its end and returns \p Value.
  virtual void onExit(const Simulation &, const State &, RegValue /*Value*/) {}
};

/// Runs one function on abstract states until a fixpoint.
///
/// The algorithm is property simulation (Das, Lerner, Seigle, "ESP", PLDI
/// 2002): a work list of blocks, each with one state per property, joined where
/// paths meet. The number of states of a block and of steps is bounded; beyond
/// it states are merged whatever their property, which can only lose findings.
class Simulation {
public:
  struct Limits {
    unsigned StatesPerBlock = 12;
    unsigned StepsPerBlock = 48;
  };

  Simulation(const FlowGraph &G, const EntityTable &Names,
             SimulationClient &Client)
      : Simulation(G, Names, Client, Limits()) {}
  Simulation(const FlowGraph &G, const EntityTable &Names,
             SimulationClient &Client, Limits L);

  /// \returns false if the work was cut short by the limits; what was reported
  /// until then is not all, and of no use.
  bool run();

  /// Keeps paths apart that differ in the way that they took at the end of the
  /// blocks \p These, for as long as what decided there is what it was. To be
  /// called before run().
  void tellApart(const std::set<int> &These) { Apart = These; }
  /// Whether paths were joined that should have been kept apart.
  bool joinedByForce() const { return Forced; }

  const FlowGraph &graph() const { return G; }
  const EntityTable &names() const { return Names; }
  Memory &memory() const { return M; }

  /// What the value of register \p R is in the block being gone over.
  RegValue reg(Reg R) const;
  /// The value that argument \p I of \p Call has: for one that is passed by
  /// reference, its address.
  Sym argument(const CallInfo &Call, unsigned I) const;
  /// The block of the operation that is being reported.
  int block() const { return Block; }
  /// The effects of a call, as the client gave them.
  const Effects &effects(const Op &O) const;
  /// Whether the operation \p Id is in a loop.
  bool inLoop(unsigned Id) const;
  /// The operation with number \p Id.
  const Op &op(unsigned Id) const { return *OpById[Id]; }
  /// The location that \p P stands for at the call \p O; 0 if there is none.
  /// \param Content set to the value that the location holds at the moment.
  /// \param In the function that the path is one of: the callee if null.
  Loc resolve(const State &S, const Op &O, const AccessPath &P,
              Sym *Content = nullptr,
              const clang::FunctionDecl *In = nullptr) const;
  /// The location that \p P stands for inside of the function.
  Loc inside(const AccessPath &P) const;
  /// What \p L holds in \p S.
  Sym load(const State &S, Loc L) const;
  /// The value \p V, or what the location \p V holds; 0 if it is neither.
  Sym valueOf(const State &S, RegValue V) const;
  /// The resource that \p V is, or that it leads into, if that was handed back;
  /// 0 if it was not.
  Sym goneBehind(const State &S, Sym V) const;
  /// Whether, at the branch on \p Condition that is being reported, the
  /// operation \p OpId having given zero or false leads to no normal end of
  /// the function: its failure is an error, not another answer.
  bool failureEnds(const State &S, Sym Condition, unsigned OpId) const;
  /// Whether \p Pointer leads to something that the function itself has made:
  /// by `new`, or by a function that is named for it (`make_shared`) or
  /// declared so (`malloc`).
  bool isNew(Sym Pointer) const;
  /// Whether a path leads from block \p From to block \p To.
  bool reaches(int From, int To) const;
  /// Whether the function may return after block \p B without having run block
  /// \p A. To throw is not to return.
  bool mayReturnPast(int A, int B) const {
    return reaches(B, G.Exit, /*Around=*/A);
  }
  /// Whether block \p B leads to block \p A, or is it, and not only because a
  /// loop begins anew between them.
  bool isAhead(int A, int B) const { return A == B || branch(B).Ahead[A]; }
  /// The block of the operation \p Id.
  int blockOf(unsigned Id) const { return BlockOfOp[Id]; }
  /// Whether block \p A is on every path from \p B to an end.
  bool postDominates(int A, int B) const;
  /// Whether the branch at the end of block \p B has a say in whether block
  /// \p A is run: A lies where its ways are apart, or they may have left
  /// different values in a variable.
  bool decides(int B, int A) const;

private:
  struct BlockStates {
    std::vector<State> In;
    /// What each predecessor last sent: Outside, a block, or thrownFrom it.
    std::map<int, std::vector<State>> From;
    /// Some of it comes from further down: paths meet at the head of a loop.
    bool LoopHead = false;
  };

  /// What is known of a call, and of the functions that were seen to run by it.
  struct KnownCall {
    /// The effects of one function, within those of All.
    struct Part {
      const clang::FunctionDecl *Runs = nullptr;
      unsigned FirstHandBack = 0, LastHandBack = 0;
      unsigned FirstContainer = 0, LastContainer = 0;
      llvm::SmallVector<AssignEffect, 1> Assigns;
      llvm::SmallVector<EntityId, 1> Writes;
      /// The captured pointers at whose pointees it looks.
      llvm::SmallVector<EntityId, 1> Looks;
    };
    Effects All;
    /// The first is the callee itself.
    std::vector<Part> Parts;
  };
  /// What must be zero or non-zero.
  using Conditions = llvm::SmallVector<std::pair<Sym, bool>, 2>;
  /// A function that runs during a call.
  struct Running {
    unsigned Part = 0;
    Conditions When;
    bool Sure = true;
    bool Repeats = false;
  };
  /// A resource that a call hands back.
  struct Given {
    Sym V = 0;
    unsigned Index = 0;
    Loc Where = 0;
    Conditions When;
  };
  /// Holds what is returned.
  static constexpr Reg ReturnedReg = -2;

  void rankBlocks();
  /// Tells the client of the blocks in loops from place \p First to before
  /// place \p Last of the order.
  void report(unsigned First, unsigned Last);
  void transfer(int B, const State &In,
                std::vector<std::pair<int, State>> &Out);
  /// The key of BlockStates::From for what the function is entered with.
  static constexpr int Outside = INT_MIN;

  /// Sends \p S, as it is at the end of \p B, to the successors that it can go
  /// to.
  void leave(int B, State S, std::vector<std::pair<int, State>> &Out);
  void execute(const Op &O, std::vector<State> &States, size_t I);
  void executeCall(const Op &O, std::vector<State> &States, size_t I);
  KnownCall &known(const Op &O) const;
  unsigned partFor(const Op &O, const clang::FunctionDecl *F,
                   const InvokeEffect *By) const;
  Loc captured(const State &S, const clang::FunctionDecl *Lambda,
               EntityId E) const;
  Sym calledValue(const State &S, const CallInfo &Call) const;
  /// Whether the object whose destructor \p Call runs is not there any more.
  bool isOver(const State &S, const CallInfo &Call) const;
  std::vector<Running> findRunning(State &S, const Op &O, const CallInfo &Call);
  std::vector<Given> findGiven(State &S, const Op &O,
                               llvm::ArrayRef<Running> Runs, Sym Result);
  bool isCopyingGetter(const CallInfo &Call) const;
  Sym resultOf(State &S, const Op &O, const CallInfo &Call, const Effects &E);
  Sym resultOfCall(State &S, const Op &O, const CallInfo &Call,
                   const Effects &E);
  Sym leadingInto(const State &S, const Op &O, const Effects &E,
                  Sym Made) const;
  Sym lookedUp(const State &S, const Op &O, const AccessPath &Table,
               const AccessPath &Key, const clang::FunctionDecl *In) const;
  /// Adds what goes with what \p Back ends with.
  void addDependents(State &S, const Op &O, const HandBackEffect &H,
                     std::vector<Given> &Back);
  /// Whether what \p L held was moved somewhere else.
  bool isMovedFrom(const State &S, Loc L) const {
    return S.Env.find(M.field(L, EntityId())) != nullptr;
  }
  /// What \p V leads to goes, and what that owns.
  void end(State &S, Sym V, HandedBack By);
  void reportLateUses(const State &S, const Op &O, const Effects &E,
                      llvm::ArrayRef<Given> Back);
  /// All that the container at \p G.Where has goes.
  void endElements(State &S, const Op &O, const Given &G,
                   const HandBackEffect &H);
  /// What the variables that go over \p Container hold.
  /// \param Loops only those of range-based loops, which nobody sets anew.
  std::vector<Sym> walkersOver(const State &S, Loc Container, bool Loops) const;
  /// The element of \p Table goes whose key \p Key was read out of it, for
  /// those who stand there.
  void endElementOfKey(State &S, Loc Table, Sym Key, HandedBack By);
  /// What ends with \p Object, since pointers that lie in it own it.
  std::vector<Sym> ownedBy(const State &S, Sym Object) const;
  /// \returns false if nothing is known of what the condition speaks of.
  bool condition(const State &S, const Op &O, const PathCondition &C,
                 const clang::FunctionDecl *In, Conditions &When) const;
  void addOutcome(Outcome Of, Sym Result, Conditions &When) const;
  void applyWhen(std::vector<State> &Work, const Conditions &When,
                 llvm::function_ref<void(State &)> Apply);
  /// Forgets what the call may change, and stores what it surely does.
  void assign(State &S, const Op &O, llvm::ArrayRef<Running> Runs);
  Sym derivedFromArguments(const State &S, const Op &O, const CallInfo &Call,
                           Sym Else);
  /// Whether \p V depends on what an open query answered.
  bool isAnswer(const State &S, Sym V) const;
  /// The first of the object and arguments that depends on what an open query
  /// answered.
  Sym answerAmong(const State &S, const CallInfo &Call) const;
  void applyLock(State &S, const Op &O, const LockEffect &E, Sym Result);
  void applyContainer(State &S, const Op &O, const ContainerEffect &E,
                      unsigned Index, Sym Result,
                      const clang::FunctionDecl *In);
  void reportUses(State &S, const Op &O, const CallInfo &Call,
                  const Effects &E);
  void forgetChanged(State &S, const Op &O, const CallInfo &Call,
                     const Effects &E, llvm::SmallVectorImpl<Loc> &Changed);
  void touch(State &S, const Op &O, Loc L, bool Write);
  /// Others may have changed what is not this function's own.
  void forgetShared(State &S, const Op &O);
  void releaseMoved(State &S, const Op &O, const CallInfo &Call);
  void releaseOwned(State &S, Sym Owner);
  void destroy(State &S, const Op &O);
  void reportKept(const State &S, const Op &O);
  void reportRun(const State &S, const Op &O, llvm::ArrayRef<Running> Runs);
  void reportPassedLambda(const State &S, const Op &O, RegValue V);
  /// What running \p F at \p O does.
  Effects effectsOfRun(const Op &O, const clang::FunctionDecl *F) const;
  /// The lambda that \p V is, or null.
  const clang::FunctionDecl *lambdaIn(const State &S, RegValue V) const;
  void copyCaptures(State &S, const clang::FunctionDecl *F);
  void reportReturned(const State &S);
  void store(State &S, Loc L, Sym V, unsigned OpId);
  /// What \p O asks of \p Object, under the locks that are held in \p S.
  static OpenQuery queryAt(const State &S, const Op &O, unsigned Effect,
                           Loc Object, Sym Answer);
  /// Takes note that the plain location \p L was read, giving \p Answer.
  void track(State &S, const Op &O, Loc L, Sym Answer);
  /// Something that others can see was changed.
  void claim(State &S, Loc Written);
  /// The locations \p Changed, and all in them, hold something else now.
  void forget(State &S, llvm::ArrayRef<Loc> Changed, unsigned OpId);
  /// The symbol of operation \p OpId, made anew.
  Sym fresh(State &S, unsigned OpId);
  void set(State &S, Reg R, RegValue V);
  Loc asLocation(RegValue V) const;
  Sym asValue(State &S, RegValue V, unsigned OpId);
  bool mayThrow(const Op &O) const;
  /// An exception may leave \p S for the block \p Handler.
  void noteThrown(const State &S, int Handler);
  /// The variables of a try block are gone.
  void unwind(State &S, const FlowBlock &Dispatch);
  /// Drops what is of no use behind the end of a block.
  void forgetDead(State &S) const;
  /// The key of BlockStates::From for what calls in \p Block throw.
  static int thrownFrom(int Block) { return -1 - Block; }
  void merge(std::vector<State> &Into, State S, int Block);
  /// Joins what the predecessors of \p B last sent.
  /// \returns false if that is what it was.
  bool gather(int B);
  /// What the branch at the end of a block does.
  struct Branch {
    /// The blocks behind it and before its ways meet again.
    std::vector<bool> Region;
    /// The blocks that it leads to in the same turn of the loops around it.
    std::vector<bool> Ahead;
    /// Its ways may differ in what they left in a variable that is read
    /// elsewhere, or in what `&&` gave.
    bool LeavesTrace = false;
  };
  /// The same for the branch of \p B at each call: asked about many acts.
  const Branch &branch(int B) const;
  bool leavesTrace(const std::vector<bool> &Region) const;
  bool reaches(int From, int To, int Around) const;
  bool reachesExit(int B) const { return B >= 0 && reaches(B, G.Exit); }

  const FlowGraph &G;
  const EntityTable &Names;
  SimulationClient &Client;
  Limits Limit;
  mutable Memory M;
  std::vector<BlockStates> At;
  std::vector<const Op *> OpById;
  std::vector<int> BlockOfOp;
  /// The place of each block in the order.
  std::vector<unsigned> Rank;
  /// For each place whether some way leads back past it.
  std::vector<char> Repeats;
  // Filled on demand.
  mutable std::map<unsigned, KnownCall> EffectsById;
  mutable std::map<int, Branch> Branches;
  /// What calls in the block being gone over may throw, by handler.
  std::map<int, State> Thrown;
  State *Now = nullptr;
  /// What comes out of the block is sent on.
  bool Settling = false;
  /// The client is told what happens.
  bool Reporting = false;
  std::set<int> Apart;
  bool Forced = false;
  int Block = 0;
};

} // namespace race

#endif // RACE_FLOW_SIMULATION_H

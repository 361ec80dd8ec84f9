//===- FlowGraph.h - One function as simple operations ----------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_FLOW_FLOWGRAPH_H
#define RACE_FLOW_FLOWGRAPH_H

#include "race/Support/Entity.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>
#include <optional>
#include <vector>

namespace clang {
class ASTContext;
class AtomicExpr;
class CXXRecordDecl;
class Expr;
class FunctionDecl;
class Stmt;
class ValueDecl;
class VarDecl;
} // namespace clang

namespace race {

class EntityMapper;

/// A register: the value of one expression. Assigned in one place, except for
/// the result of `?:`, `&&` and `||`. Negative: none.
using Reg = int;
constexpr Reg NoReg = -1;

enum class OpKind : uint8_t {
  Local,     ///< Dst = the location of the local variable or parameter Index
  Global,    ///< Dst = the location of the static variable Entity
  Capture,   ///< Dst = the location of Entity, a variable of an outer function
  This,      ///< Dst = the value of `this`
  Const,     ///< Dst = Value (null pointers are 0)
  Opaque,    ///< Dst = some value; NonNull says that it is not zero
  Function,  ///< Dst = the function Callee or lambda body Callee
  Field,     ///< Dst = the location of member Entity of the location A
  Deref,     ///< Dst = the location that the value A points to
  Index,     ///< Dst = the location of an element of the location A
  Load,      ///< Dst = what the location A holds
  AddrOf,    ///< Dst = the address of the location A
  Copy,      ///< Dst = A, whatever it is
  Derive,    ///< Dst = a value computed from A (and B)
  Compare,   ///< Dst = A <Comparison> B
  Not,       ///< Dst = !A
  Store,     ///< the location A holds B from now on
  Change,    ///< the location A holds something else from now on; B = by what
  Call,      ///< see CallInfo; Dst = the result
  Destroy,   ///< the object at location A is destroyed
  EndOfLife, ///< the local variable Index is gone
  Move,      ///< the object at location A may have been moved from
  Return,    ///< the function returns A (or nothing)
};

enum class Comparison : uint8_t { EQ, NE, LT, GE };

/// What an operation of kind Call calls.
struct CallInfo {
  /// The function as written (a virtual method's static target); null for a
  /// call through a pointer. For a lambda that is called: its operator().
  const clang::FunctionDecl *Callee = nullptr;
  /// The call as written.
  const clang::Expr *Site = nullptr;
  /// It is one of the compiler's atomic operations, for which there is no
  /// function; argument 0 is the address of the atomic.
  const clang::AtomicExpr *Atomic = nullptr;
  /// The location of the object that a method is called on, or that a
  /// constructor makes.
  Reg This = NoReg;
  llvm::SmallVector<Reg, 4> Args;
  /// Bit i: argument i is passed by reference, Args[i] is its location.
  uint32_t ByReference = 0;
  /// Bit i: the callee may change what argument i refers or points to, as far
  /// as its type says. Bit 31: `*this`.
  uint32_t MayChange = 0;
  /// It only finds an element of its object, which the function that calls
  /// changes, or does not.
  bool FindsElement = false, ChangesElement = false;
  /// Bit i: argument i is passed through `...` or as a plain value of no
  /// pointer-like type.
  uint32_t ValueOnly = 0;
  bool Constructor = false;
  bool ResultUsed = false;
  bool Delete = false;
  /// The value of the called pointer, for calls without a Callee.
  Reg Target = NoReg;
  /// Virtual and not known to be final.
  bool Virtual = false;
  /// The destructor or deleter that runs when the object at this location is
  /// destroyed: nobody wrote the call. NoReg for other calls.
  Reg Destroyed = NoReg;
};

/// What one of the compiler's atomic operations does with its variable.
enum class AtomicOperation : uint8_t {
  Load,
  Store,
  Change, ///< reads and writes in one
};
AtomicOperation atomicOperation(const clang::AtomicExpr *E);

struct Op {
  OpKind Kind;
  unsigned Id = 0; ///< unique within the graph
  Reg Dst = NoReg;
  Reg A = NoReg;
  Reg B = NoReg;
  unsigned Index = 0; ///< local variable, or index into FlowGraph::Calls
  EntityId Entity;
  int64_t Value = 0;
  Comparison Cmp = Comparison::EQ;
  bool NonNull = false;
  const clang::FunctionDecl *Callee = nullptr;
  /// A call within a try block: the block that an exception leads to; or -1.
  int Handler = -1;
  /// What it was made from; its location is where findings point to.
  const clang::Stmt *Node = nullptr;
  clang::SourceLocation Loc;
};

struct FlowBlock {
  std::vector<Op> Ops;
  /// The register that decides between Succs[0] (non-zero) and Succs[1].
  Reg Condition = NoReg;
  /// For a switch: the values of the cases, in the order of Succs; nullopt is
  /// the default. Empty for other blocks.
  std::vector<std::optional<int64_t>> Cases;
  /// Indices of blocks; -1 where clang found the edge impossible.
  llvm::SmallVector<int, 2> Succs;
  /// Where an exception in the block leads to.
  llvm::SmallVector<int, 1> Handlers;
  /// Leads to the handlers of a try block: the variables of that block, which
  /// are gone here.
  std::vector<unsigned> Unwinds;
  bool Dispatches = false;
  /// Ends in a call that does not return: an assertion's failure.
  bool Aborts = false;
};

/// A local variable, parameter or static local of the function.
struct FlowLocal {
  const clang::VarDecl *Decl = nullptr;
  EntityId Entity;
  int Param = -1; ///< index of the parameter, or -1
  bool Reference = false;
};

/// Whether something in \p F, which has a body, or in the class that it makes
/// or destroys, did not compile. What is left of such code can be without types
/// and parts that are there otherwise, and says little of what was meant.
bool isBroken(const clang::FunctionDecl *F);

/// Whether copies of an \p R share what they stand for, so that the end of one
/// of them need not be the end of it.
bool copiesShare(const clang::CXXRecordDecl *R);

/// Whether \p R is the standard library's class \p Name.
bool isStd(const clang::CXXRecordDecl *R, llvm::StringRef Name);

/// Whether \p R is one of the library's iterators.
bool isIterator(const clang::CXXRecordDecl *R);

/// The control flow graph of one function, lowered to operations on registers
/// and locations, so that analyses need not know C++'s expressions.
///
/// Made from `clang::CFG` with implicit destructors, temporaries, initializers
/// and lifetimes. Knows one function only: what calls do is asked later.
class FlowGraph {
public:
  /// Lowers \p F, which has a body.
  /// \returns null if clang cannot build a CFG, if the body contains errors, or
  /// if it is larger than \p MaxBlocks.
  static std::unique_ptr<FlowGraph> build(const clang::FunctionDecl *F,
                                          EntityMapper &Entities,
                                          unsigned MaxBlocks = 4000);

  const clang::FunctionDecl *Function = nullptr;
  std::vector<FlowBlock> Blocks;
  std::vector<CallInfo> Calls;
  std::vector<FlowLocal> Locals;
  unsigned NumRegs = 0;
  int Entry = 0;
  int Exit = 0;
  /// The blocks that Entry leads to: each before those that it leads to, but
  /// for heads of loops, and each loop in one piece behind its head.
  std::vector<int> Order;
  /// Registers that are read in another block than where they are assigned.
  std::vector<bool> LiveAcrossBlocks;
};

} // namespace race

#endif // RACE_FLOW_FLOWGRAPH_H

//===- Model.h - What an API means, as data ---------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The vocabulary in which models describe functions and types. Plain data: it
// is what the YAML format of docs/models.md says, and knows no AST.
//
//===----------------------------------------------------------------------===//

#ifndef RACE_MODELS_MODEL_H
#define RACE_MODELS_MODEL_H

#include "race/Support/Evidence.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace race {

/// Where in a call the object that an effect speaks of is found: what stands
/// there, or, if a pointer or a smart pointer stands there, what it points to.
/// So `this` and the first argument of `pthread_mutex_lock(&M)` and of
/// `lock(M)` all are places without a dereference.
struct Place {
  enum KindTy : uint8_t { This, Argument, Result, RestOfArguments } Kind = This;
  /// Zero-based, for Argument and RestOfArguments (the first of them).
  unsigned Index = 0;
  /// How often to dereference what stands there: 1 for `f(&p)` acting on p.
  unsigned Derefs = 0;
};

/// Under which result of the call an effect holds.
enum class Outcome : uint8_t {
  Always,
  True,  ///< non-zero, non-null, engaged
  False, ///< zero, null, empty
  Negative,
  NonNegative,
};

/// After the call, What is not the caller's any more.
struct HandBackModel {
  Place What;
  Outcome When = Outcome::Always;
  /// `f(&p)` also sets p to null, so that p may be tested and assigned.
  bool Nulls = false;
  /// The call drops one reference; others may keep the object alive.
  bool Reference = false;
  /// It is memory, freed in so many places that the analysis looks only where
  /// the text shows a use behind it.
  bool Memory = false;
  /// What came out of it (see AcquireModel::From) goes with it.
  bool Arena = false;
  /// An arena: only what came out of it after this was asked of it.
  std::optional<Place> Since;
  /// The member that leads to the next one of a chain that goes as a whole.
  std::string Chain;
  /// Only if the argument at this place is zero.
  std::optional<Place> IfZero;
  /// What the resource is called in messages ("mbuf"); may be empty.
  std::string Noun;
};

/// The call makes What the caller's.
struct AcquireModel {
  Place What{Place::Result, 0, 0};
  /// The arena that it lies in.
  std::optional<Place> From;
  std::string Noun;
};

enum class LockMode : uint8_t { Exclusive, Shared };

struct LockModel {
  enum OpTy : uint8_t {
    Acquire,
    Release,
    AssertHeld,
    Wait,   ///< releases and takes again, as a condition variable's wait does
    Owns,   ///< of a guard: tells whether it holds its lock
    Disown, ///< of a guard: leaves the lock to whoever comes after it
  } Op = Acquire;
  Place Mutex;
  LockMode Mode = LockMode::Exclusive;
  /// For try operations: the result under which the lock is held.
  Outcome When = Outcome::Always;
};

/// What kind of state is asked or changed.
enum class StateKind : uint8_t {
  Container,
  Atomic,   ///< one atomic variable
  Plain,    ///< a plain field or variable; models do not speak of those
  Owners,   ///< how many owners an object has, whoever asks
  Files,    ///< the file system, whatever names a file
  Database, ///< what all connections see
};

/// What a statement is written in, whose text says what it does.
enum class StatementLanguage : uint8_t {
  None,
  Sql,
  SerialSql, ///< SQL whose every transaction keeps the others out
  Redis,
};

/// One operation on a container, cache, queue, atomic, optional, ...
struct ContainerOpModel {
  enum KindTy : uint8_t {
    Query,  ///< answers a question; the answer is stale once unlocked
    Act,    ///< changes the container, or fails if the answer has changed
    Atomic, ///< asks and changes in one: never half of a check-then-act
    Read,   ///< reads without an answer that is acted upon (iteration)
  } Kind = Query;
  StateKind Of = StateKind::Container;
  Place Object;
  std::optional<Place> Key;
  /// The key is a position, so that what is known of the size speaks of it.
  bool Index = false;
  /// Key is where a statement stands that says what is asked or changed.
  StatementLanguage Statement = StatementLanguage::None;
  /// For Query: where the answer is found.
  Place Answer{Place::Result, 0, 0};
  /// For Act: the result says whether it was done, so that a caller who uses
  /// the result has an Atomic operation (`Map.insert(E).second`).
  bool AtomicIfUsed = false;
};

/// The call makes Callable run on another thread, or later.
struct ThreadStartModel {
  enum KindTy : uint8_t {
    Thread,
    Task, ///< on some thread of a pool
    Timer,
    Signal,
    Callback, ///< kept, and called by a thread of the library
    Parallel, ///< several at once, all done when the call returns
    Loop,     ///< on the one thread of a named loop
  } Kind = Thread;
  /// RestOfArguments stands for those among them that can be called, since
  /// overloads differ in what comes before (`async(policy, f)`).
  Place Callable;
  /// The argument that the callable gets as its first one (`void *` contexts).
  std::optional<Place> Context;
  /// Two runs can overlap in time.
  bool Concurrent = false;
};

struct JoinModel {
  Place Thread;
};

/// What a call of one function means. A function may have several effects.
struct FunctionModel {
  /// Qualified, without template arguments and inline namespaces
  /// ("std::mutex::lock", "pthread_mutex_lock"); '*' matches within a part.
  std::string Name;
  /// If set, the model is for the overload with this many parameters only, and
  /// where the text is not empty, of a type of this name (without pointers,
  /// references and cv).
  std::optional<std::vector<std::string>> Parameters;
  std::vector<HandBackModel> HandBacks;
  std::vector<AcquireModel> Acquires;
  std::vector<LockModel> Locks;
  std::vector<ContainerOpModel> ContainerOps;
  std::vector<ThreadStartModel> Starts;
  std::vector<JoinModel> Joins;
  /// Runs its callable arguments itself, before it returns (std::sort,
  /// std::call_once).
  bool CallsArguments = false;
  /// At most one thread at a time, once, runs the callable (std::call_once).
  bool Once = false;
  /// The result is (derived from) this place: `c.data()`, `std::move(x)`.
  std::optional<Place> ReturnsAlias;
  /// The result leads into that object, and goes with it.
  std::optional<Place> ReturnsView;
  /// Looks at the values of its arguments only, not at what they point to
  /// (assertions, loggers of pointers); or, if false, at what any of them
  /// points to, those included that are not declared.
  std::optional<bool> IgnoresPointees;
  bool NoReturn = false;
  /// The preset or file it came from, for messages.
  std::string Source;
};

/// What a class is.
struct TypeModel {
  enum KindTy : uint8_t {
    Mutex,
    Guard, ///< locks in its constructor, unlocks in its destructor
    ConditionVariable,
    Container,
    Atomic,
    SmartPointer, ///< owning or shared pointer; operator* and -> reach the
                  ///< object
    Handle,     ///< RAII entry of a pool: its destructor hands the object back
    ScopeGuard, ///< its destructor runs the callable that it was made of
    Thread,
    OnceFlag,
    Plain,
  } Kind = Plain;
  std::string Name;
  /// Every single operation is atomic by itself.
  bool Synchronized = false;
  /// Guard: the mode in which it locks.
  LockMode Mode = LockMode::Exclusive;
  /// Guard: which constructor arguments are mutexes (scoped_lock: all from 0).
  Place GuardMutex{Place::Argument, 0, 0};
  /// Guard: its mutex can be dropped and taken again (unique_lock).
  bool Relockable = false;
  /// A method that gets a pointer or reference to one is called by the
  /// library's threads, several at once (grpc::ServerContext).
  bool HandlerContext = false;
  /// Thread: joins in its destructor (std::jthread).
  bool JoinsInDestructor = false;
  std::string Source;
};

} // namespace race

#endif // RACE_MODELS_MODEL_H

//===- ClaimTest.cpp - Which comments claim what --------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Comments/Claim.h"
#include "gtest/gtest.h"
#include <initializer_list>

using namespace llvm;
using namespace race;

namespace {

struct Sentence {
  const char *Text;
  /// The thread or the lock that it names.
  const char *Name = "";
};

/// Each text makes exactly one claim, of kind \p Kind.
void expectEach(Claim::KindTy Kind, std::initializer_list<Sentence> Sentences) {
  for (const Sentence &S : Sentences) {
    SCOPED_TRACE(S.Text);
    EXPECT_TRUE(mayMakeClaim(S.Text));
    SmallVector<Claim, 1> Claims = parseClaims(S.Text);
    EXPECT_EQ(Claims.size(), 1u);
    if (Claims.size() != 1)
      continue;
    EXPECT_EQ(Claims[0].Kind, Kind);
    bool OfLock = Kind == Claim::GuardedBy || Kind == Claim::CallerHolds ||
                  Kind == Claim::NoLockNeeded;
    EXPECT_EQ(OfLock ? Claims[0].Lock : Claims[0].Thread, S.Name);
  }
}

void expectNone(std::initializer_list<const char *> Texts) {
  for (const char *Text : Texts) {
    SCOPED_TRACE(Text);
    SmallVector<Claim, 1> Claims = parseClaims(Text);
    EXPECT_TRUE(Claims.empty())
        << "kind " << int(Claims[0].Kind) << ": "
        << StringRef(Text).substr(Claims[0].Offset, Claims[0].Length).str();
  }
}

StringRef words(StringRef Text, const Claim &C) {
  return Text.substr(C.Offset, C.Length);
}

//===----------------------------------------------------------------------===//
// What claims
//===----------------------------------------------------------------------===//

TEST(Claim, ConfinedToNamedThread) {
  expectEach(
      Claim::Confined,
      {
          {"Only accessed by the IO thread.", "io"},
          {"only touched by the I/O thread", "io"},
          {"only used from the main thread", "main"},
          {"Only called from the event loop thread", "event loop"},
          {"Accessed only by the control thread, so no synchronization.",
           "control"},
          {"can only be accessed from the app thread", "app"},
          {"only accessed inside the worker thread", "worker"},
          {"only invoked from the reporting thread", "reporting"},
          {"Must be called from the network thread.", "network"},
          {"This must only be called on the main thread!", "main"},
          {"should always be called on the evb thread", "evb"},
          {"Called on the main thread.", "main"},
          {"This method is called by the reactor thread", "reactor"},
          {"Runs on reactor thread.", "reactor"},
          {"Runs in the disk thread.", "disk"},
          {"serialized in the acceptor thread", "acceptor"},
          {"main thread only", "main"},
          {"Only on the main thread", "main"},
          {"only read by the render thread", "render"},
          {"executed only by the flush thread", "flush"},
          {"Only the write thread uses it", "write"},
          {"not atomic: only the GC thread uses it", "gc"},
          {"Owned by the JIT thread.", "jit"},
          {"only used by the owning thread", "owner"},
          {"Must be called on the owner's thread", "owner"},
          {"only accessed by the thread that created it", "owner"},
          {"only used by IOThread", "io"},
          {"Only called from the main loop", "main loop"},
          {"confined to the UI thread", "ui"},
          {"Call this only from the main thread.", "main"},
          {"They are _only_ called from the reactor thread, except where\n"
           "otherwise specified.",
           "reactor"},
          {"Only executed by eviction_thread_", "eviction"},
          {"REQUIRES: this is the write thread", "write"},
          {"It is cached, which is safe here since we never fork() while\n"
           "here, in the main thread.",
           "main"},
      });
}

TEST(Claim, ConfinedToSomeThread) {
  expectEach(
      Claim::Confined,
      {
          {"Single-threaded, no locking needed."},
          {"single-threaded"},
          {"This code is single threaded."},
          {"because the server is currently single threaded"},
          {"Used by only one thread."},
          {"only one thread can access this"},
          {"accessed by a single thread only"},
          {"may only be used in a single thread"},
          {"must be called from the same thread"},
          {"requests are received in the same thread, so we don't need the "
           "mutex"},
          {"This relies on all connections of a controller being handled on "
           "the same thread."},
          {"must be called from the same thread that called Start()"},
          {"thread confined"},
          {"never shared between threads"},
          {"No other thread touches this."},
          {"nobody else can access it"},
          {"one writer, many readers"},
          {"can only be in flight once at any moment"},
          {"must be used in a single-threaded context"},
          {"for single-threaded use only, only accessed by one thread"},
      });
}

TEST(Claim, NoLockNeeded) {
  expectEach(
      Claim::NoLockNeeded,
      {
          {"No locking needed."},
          {"no lock needed here"},
          {"no mutex required"},
          {"Locking is not needed."},
          {"locking not required"},
          {"no need to lock"},
          {"no need for lock-protecting the struct"},
          {"There is no need to synchronize this."},
          {"We don't need to hold the lock here."},
          {"don't need to take mu_", "mu_"},
          {"don't need to lock"},
          {"we don't need the mutex"},
          {"so we don\xE2\x80\x99t need to protect this"},
          {"no need for atomic ops here"},
          {"safe to access without lock"},
          {"Safe to read without holding mutex_.", "mutex_"},
          {"can be read without the lock"},
          {"Read without holding `lru_mutex`", "lru_mutex"},
          {"accessed without synchronization"},
          {"optimistic read without the lock"},
          {"tolerates stale reads"},
          {"Reads are unprotected."},
          {"accesses are not synchronized"},
          {"need not be locked"},
          {"So it's unnecessary to lock before retrieving this value."},
          {"It is unnecessary to take the lock here."},
          {"Safe to read without lock since we don't call this concurrently "
           "with Open()."},
      });
}

TEST(Claim, GuardedBy) {
  expectEach(
      Claim::GuardedBy,
      {
          {"protected by mutex_", "mutex_"},
          {"Protected by DBImpl::mutex_.", "DBImpl::mutex_"},
          {"guarded by mu", "mu"},
          {"Large allocations. Synchronization: large_mtx.", "large_mtx"},
          {"Access is only thread-safe when lock_ is held.", "lock_"},
          {"guarded by the lock"},
          {"Guarded by the DB mutex."},
          {"State below is protected by `state_lock`.", "state_lock"},
          {"guarded by 'lock_'", "lock_"},
          {"protected by server->lock", "server->lock"},
          {"protected by queueMutex and never freed", "queueMutex"},
          {"Must hold mu_ to access", "mu_"},
          {"only accessed under the cache lock"},
          {"only modified while holding stateLock", "stateLock"},
          {"accessed with mu_ held", "mu_"},
          {"lock_ must be held when accessing these", "lock_"},
          {"updates covered by stats_lock", "stats_lock"},
      });
}

TEST(Claim, CallerHolds) {
  expectEach(Claim::CallerHolds,
             {
                 {"REQUIRES: mutex held"},
                 {"REQUIRES: mu_ held", "mu_"},
                 {"REQUIRES: mutex_ is held", "mutex_"},
                 {"REQUIRES: DBImpl::mutex_ is held.", "DBImpl::mutex_"},
                 {"mutex_ must be held", "mutex_"},
                 {"lock_ must be held by the caller.", "lock_"},
                 {"Caller must hold mu_.", "mu_"},
                 {"The caller must hold the lock."},
                 {"Callers should already hold m_lock", "m_lock"},
                 {"called with lock held"},
                 {"Must be called with the server lock held."},
                 {"must be called with mu_ held", "mu_"},
                 {"called under lock"},
                 {"Called while holding list_mutex.", "list_mutex"},
                 {"requires lock held"},
                 {"Assumes lock_ is held.", "lock_"},
                 {"requires the lock to be held"},
                 {"requires that mu_ be held", "mu_"},
                 {"Does not take lock_, but requires it", "lock_"},
                 {"lock held"},
                 {"Same as DebugString() except the caller must hold 'lock_'.",
                  "lock_"},
                 {"requires: The lock request info mutex is held"},
                 {"\\pre mutex_ held", "mutex_"},
                 {"lock_ must be held when calling this function", "lock_"},
                 {"Must hold admission_lock_.", "admission_lock_"},
                 {"Adds stats.  Returns true if a compaction may be needed.\n"
                  "REQUIRES: lock is held"},
             });
}

TEST(Claim, BeforeThreads) {
  expectEach(Claim::BeforeThreads,
             {
                 {"Must be called before threads are started."},
                 {"called before any threads are spawned"},
                 {"Set up and used before starting the worker threads"},
                 {"called only during setup; no locking required"},
                 {"only used at startup"},
                 {"only called during initialization"},
                 {"only during init"},
                 {"REQUIRED: called only during single-threaded recovery"},
                 {"during single-threaded init"},
                 {"not yet visible to other threads"},
                 {"not shared with other threads yet"},
                 {"it is not yet shared"},
                 {"no other threads are running yet"},
                 {"the threads have not been started yet"},
                 {"Only meant for the Prepare phase"},
                 {"We are still single threaded here."},
                 {"nobody else can access it yet"},
             });
}

TEST(Claim, ImmutableAfterInit) {
  expectEach(Claim::ImmutableAfterInit,
             {
                 {"Immutable after construction"},
                 {"never changes after initialization"},
                 {"Constant after construction"},
                 {"const after init"},
                 {"read-only after startup"},
                 {"not modified after construction"},
                 {"set in Open(), only read afterwards"},
                 {"written once during startup"},
                 {"only set in the constructor"},
                 {"Set once in the constructor."},
                 {"immutable"},
             });
}

TEST(Claim, NotThreadSafe) {
  expectEach(Claim::NotThreadSafe,
             {
                 {"Not thread-safe."},
                 {"This class is not thread safe"},
                 {"This function is NOT THREADSAFE!"},
                 {"it isn't thread-safe"},
                 {"not idempotent, not thread-safe"},
                 {"Not thread-safe, used for debugging"},
                 {"Not thread-safe, so callers must serialize."},
                 {"neither reentrant nor thread-safe"},
                 {"thread-unsafe"},
                 {"This is thread-unsafe."},
                 {"Non-thread-safe."},
                 {"Does not have any thread safety"},
                 {"This is purposefully thread-unsafe."},
                 {"This overload is for non-concurrent insertion only."},
                 {"thread-hostile"},
                 {"thread-compatible"},
                 {"Externally synchronized."},
                 {"must be externally synchronized"},
                 {"Requires external synchronization."},
                 {"REQUIRES: external synchronization"},
                 {"external locking required"},
                 {"must not be called concurrently"},
                 {"may not be called concurrently"},
                 {"never called concurrently"},
                 {"Can not be called concurrently with Run() or while it is "
                  "running."},
                 {"not safe to call this function concurrently"},
                 {"not safe for concurrent use"},
                 {"No concurrent calls."},
                 {"REQUIRES: no concurrent access"},
                 {"callers must ensure that no one else is accessing"},
                 {"Callers must provide their own synchronization."},
                 {"only one thread at a time may use this"},
                 {"used by one thread at a time"},
                 {"Thread safety: none"},
                 {"The priority queue is not thread safe."},
             });
}

TEST(Claim, SeveralInOneComment) {
  StringRef Text = "Reads and writes of pending_files_ are protected by "
                   "mutex_. As the last\nis never removed, the writer can use "
                   "the item behind back()\nwithout mutex_.";
  SmallVector<Claim, 1> Claims = parseClaims(Text);
  ASSERT_EQ(Claims.size(), 2u);
  EXPECT_EQ(Claims[0].Kind, Claim::GuardedBy);
  EXPECT_EQ(Claims[0].Subject, "pending_files_");
  EXPECT_FALSE(Claims[0].WritesOnly);
  EXPECT_EQ(Claims[1].Kind, Claim::NoLockNeeded);
  EXPECT_EQ(Claims[1].Lock, "mutex_");

  Claims = parseClaims("REQUIRES: mutex_ is held and this is the write thread");
  ASSERT_EQ(Claims.size(), 2u);
  EXPECT_EQ(Claims[0].Kind, Claim::CallerHolds);
  EXPECT_EQ(Claims[0].Lock, "mutex_");
  EXPECT_EQ(Claims[1].Kind, Claim::Confined);
  EXPECT_EQ(Claims[1].Thread, "write");

  Claims =
      parseClaims("Not thread-safe.\nMust only be called by the IO thread.");
  ASSERT_EQ(Claims.size(), 2u);
  EXPECT_EQ(Claims[0].Kind, Claim::NotThreadSafe);
  EXPECT_EQ(Claims[1].Kind, Claim::Confined);
}

TEST(Claim, MarksItsWords) {
  StringRef Text =
      "The cache. It is only\naccessed by the 'io' thread, says X.";
  SmallVector<Claim, 1> Claims = parseClaims(Text);
  ASSERT_EQ(Claims.size(), 1u);
  EXPECT_EQ(words(Text, Claims[0]), "It is only\naccessed by the 'io' thread");

  Text = "Size of the list. Protected by 'lock_'.";
  Claims = parseClaims(Text);
  ASSERT_EQ(Claims.size(), 1u);
  EXPECT_EQ(words(Text, Claims[0]), "Protected by 'lock_'");

  // The reason and what follows from it are one claim.
  Text = "single-threaded, no locking needed";
  Claims = parseClaims(Text);
  ASSERT_EQ(Claims.size(), 1u);
  EXPECT_EQ(words(Text, Claims[0]), Text);
}

TEST(Claim, WritesOnly) {
  for (const char *Text :
       {"only modified by the main thread", "only written from the IO thread",
        "updates are protected by mu_", "only the main thread writes this",
        "Protected by mu_. Read access in the loop does not need the lock.",
        "Guarded by mu_. Reads go unlocked, without harm."}) {
    SCOPED_TRACE(Text);
    SmallVector<Claim, 1> Claims = parseClaims(Text);
    ASSERT_EQ(Claims.size(), 1u);
    EXPECT_TRUE(Claims[0].WritesOnly);
  }
  for (const char *Text :
       {"only read and written by the main thread", "protected by mu_",
        "Protected by mu_. Reads are not faster than writes.",
        "Protected by mu_. Reading it is not cheap.",
        "only the write thread uses it", "only accessed by the IO thread"}) {
    SCOPED_TRACE(Text);
    SmallVector<Claim, 1> Claims = parseClaims(Text);
    ASSERT_EQ(Claims.size(), 1u);
    EXPECT_FALSE(Claims[0].WritesOnly);
  }
}

TEST(Claim, NamesItsSubject) {
  struct {
    const char *Text, *Subject;
  } Cases[] = {
      {"Foo::run() must be called with mu_ held", "Foo::run"},
      {"RingBuffer is not thread-safe", "RingBuffer"},
      {"Access to free_list_ is guarded by mu_", "free_list_"},
      {"This class is not thread-safe", ""},
      {"The priority queue is not thread-safe", "priority queue"},
      {"The OBJ_create function is not thread-safe", "OBJ_create"},
      {"OpenSSL is not thread-safe", "OpenSSL"},
      {"Iterator is not thread-safe", "Iterator"},
  };
  for (const auto &Case : Cases) {
    SCOPED_TRACE(Case.Text);
    SmallVector<Claim, 1> Claims = parseClaims(Case.Text);
    ASSERT_EQ(Claims.size(), 1u);
    EXPECT_EQ(Claims[0].Subject, Case.Subject);
  }
}

TEST(Claim, StandsOnTheLock) {
  SmallVector<Claim, 1> Claims =
      parseClaims("Protects head_, tail_ and `size`.");
  ASSERT_EQ(Claims.size(), 3u);
  for (const Claim &C : Claims) {
    EXPECT_EQ(C.Kind, Claim::GuardedBy);
    EXPECT_TRUE(C.OnLock);
    EXPECT_EQ(C.Lock, "");
  }
  EXPECT_EQ(Claims[0].Subject, "head_");
  EXPECT_EQ(Claims[1].Subject, "tail_");
  EXPECT_EQ(Claims[2].Subject, "size");
  EXPECT_EQ(parseClaims("mutex that protects access to cf_map").size(), 1u);
  EXPECT_EQ(parseClaims("protects queue").size(), 1u);
  EXPECT_EQ(parseClaims("Lock for head_").size(), 1u);
  Claims = parseClaims("Protects all the following fields.");
  ASSERT_EQ(Claims.size(), 1u);
  EXPECT_TRUE(Claims[0].OnLock);
  EXPECT_EQ(Claims[0].Subject, "");
  expectNone({"Protects against double frees.", "Protects the state of things.",
              "protects all members", "protects run() from itself"});
}

//===----------------------------------------------------------------------===//
// What looks like a claim and is none
//===----------------------------------------------------------------------===//

TEST(NoClaim, ThreadSafe) {
  expectNone({
      "thread-safe",
      "This class is thread safe.",
      "Thread-safe and reentrant.",
      "All methods are threadsafe.",
      "Can be called from any thread.",
      "may run in another thread",
      "Called on a worker thread.",
      "called on worker threads",
      "called on worker thread",
      "Called from the calling thread",
      "thread-local",
      "Uses thread-local storage, see thread safety above.",
      "Safe to call concurrently with Append().",
      "must be thread safe with Size() called from the emit thread",
      "for thread-safe access without acquiring mu_",
      "lock-free",
      "lockless list",
      "Lock-free, no waiting.",
  });
}

TEST(NoClaim, SaysWhatLocksAreTaken) {
  expectNone({
      "does not block",
      "Don't hold the lock while calling back.",
      "Must NOT be called with lock_ held.",
      "must not be called with mu_ held",
      "Takes lock_: callers must not hold it.",
      "Grabs mu_.",
      "Takes lock_",
      "Acquires the lock and releases it.",
      "Must be called with the table lock released.",
      "Called when lock_ is not held",
      "The lock should not be held by the caller",
      "Neither the client's lock nor page->lock should be held by the caller",
      "releases the lock",
      "lock order: a before b",
      "minimize the time the spin lock is held by copying",
      "wait for the lock",
  });
}

TEST(NoClaim, OtherMeaningsOfTheWords) {
  expectNone({
      "unsynchronized clock",
      "the clock is not synchronized with NTP",
      "not synchronized with the primary",
      "REQUIRES: First writer must have joined the group.",
      "REQUIRES: n > 0",
      "REQUIRES:",
      "single-threaded performance",
      "single-threaded benchmark",
      "Single threaded executor",
      "a single threaded executor that runs tasks in order",
      "0 = single threaded, 1 = multi threaded",
      "no need to wait",
      "no need to sync",
      "no need to fsync here",
      "unprotected",
      "set hazard pointer to unprotected",
      "The page is protected by a checksum.",
      "protected by password",
      "guarded by HAVE_EPOLL",
      "guarded by if constexpr",
      "protected by RCU",
      "the block must be held in memory",
      "clock",
      "Gets the (immutable) vector.",
      "immutable memtable",
      "Compares the lock with the mutex.",
      "Locks the mutex.",
      "used to protect the list with a lock",
      "The lock to use.",
      "a thread pool with one thread",
      "create one thread per core",
      "for each thread",
      "the number of threads",
      "called only once",
      "only used when the list is empty",
      "Set once the first block arrives",
      "never changes",
      "used by the printer",
      "set by the caller",
  });
}

TEST(NoClaim, History) {
  expectNone({
      "Legacy single threaded mode.",
      "Previously this was single-threaded.",
      "previously only accessed by the main thread",
      "used to be single-threaded",
      "This was single-threaded.",
      "no longer only touched by the main thread",
      "This was once protected by mu_.",
      "took no lock once",
      "Historically not thread-safe.",
      "Originally only called from the IO thread.",
      "is not single threaded anymore",
  });
}

TEST(NoClaim, Negation) {
  expectNone({
      "not single-threaded",
      "This is not single threaded any more",
      "This is not guarded by mu_.",
      "never protected by the lock",
      "not only accessed by the main thread",
      "It is not only called from the main thread.",
      "must not be accessed without the lock",
      "not safe to access without holding mu_",
      "isn't necessarily called with lock held",
      "This class is mostly not threadsafe.",
      "This class is largely not thread-safe",
  });
}

TEST(NoClaim, Conditions) {
  expectNone({
      "if compiled single-threaded",
      "when single-threaded",
      "If single threaded, no locking is needed.",
      "no lock needed unless the map is shared",
      "as long as the server was single threaded",
      "no lock needed as long as only one reader exists",
      "When used from one thread, no locking is needed",
      "Caller must hold mu_ if wait is true.",
      "not thread-safe unless SQLITE_THREADSAFE is set",
      "whether only the main thread uses it",
      "would be single-threaded",
      "only called from the main thread when testing",
      "If the queue is only accessed by the IO thread, use this.",
      "protected by mutex_ unless two queues are used",
  });
}

TEST(NoClaim, QuestionsAndPlans) {
  expectNone({
      "Is this only accessed by the main thread?",
      "not thread-safe?",
      "TODO: not thread-safe",
      "TODO(bob): make this only accessed by the IO thread",
      "FIXME: must be protected by mu_",
      "XXX: no lock needed?",
      "TODO: This should be guarded by mu_. It is not thread-safe.",
      "NOT thread safe with an internal thread. TODO: fix thread safety.",
  });
}

TEST(NoClaim, ExplainsSomethingElse) {
  expectNone({
      "not thread-safe (inet_ntoa), so we call inet_ntop",
      "strtok is not thread-safe, so we use strtok_r",
      "because localtime is not thread-safe",
      "We copy it since std::map is not thread-safe.",
      "uses strerror, which is not thread safe",
      "The library is not thread-safe enough for us, we lock instead",
      "the returned object is not thread-safe",
      "Implementations may not be thread-safe.",
      "The callback runs in the event loop thread of the connection.",
      "The callback will be called from the main thread.",
      "@param cb must be called from the main thread",
      "\\param list not thread-safe",
      "@return a view that is guarded by mu_",
      "Ensures that only one thread can access the list.",
      "The mutex guarantees that only one thread uses it",
      "so that only one thread runs the task",
      "no lock needed, the counter is atomic",
      "This uses atomic operations so no locking is needed.",
      "external synchronization is not required",
      "can be called concurrently without synchronization",
      "the task's owner should always be set to the relevant thread",
      "the lock must be acquired with co_await",
      "A lock to verify that only the main thread is updating it",
      "accepts \"lock\", \"no-lock\"",
      "Signals should be handled by the main thread, nowhere else.",
      "The rest of processing must be handled in the daemon thread",
      "The exceptions are nodes which are single-threaded",
      "END: members that are protected by mu_",
  });
}

//===----------------------------------------------------------------------===//
// Text in all its forms
//===----------------------------------------------------------------------===//

TEST(Claim, SpellingVariants) {
  for (const char *Text :
       {"not thread-safe", "not thread safe", "not threadsafe",
        "NOT THREAD-SAFE", "isn't thread-safe", "isn\xE2\x80\x99t thread safe",
        "*not* thread safe", "is **not** thread-safe", "not MT-safe",
        "not thread-\nsafe", "not\nthread safe", "non-thread-safe"}) {
    SCOPED_TRACE(Text);
    SmallVector<Claim, 1> Claims = parseClaims(Text);
    ASSERT_EQ(Claims.size(), 1u);
    EXPECT_EQ(Claims[0].Kind, Claim::NotThreadSafe);
  }
}

TEST(Claim, SentencesDoNotRunTogether) {
  // "only" and "the main thread" belong to two sentences.
  expectNone({"This is the only one. Main thread accesses are counted.",
              "- the only user\n- of the main thread"});
  // A condition holds for its sentence only.
  EXPECT_EQ(parseClaims("If empty, returns null. Not thread-safe.").size(), 1u);
  EXPECT_EQ(parseClaims("Waits if needed\nNot thread-safe").size(), 1u);
  EXPECT_EQ(parseClaims("Waits if needed\n\nnot thread-safe").size(), 1u);
  // A to-do holds up to the next empty line.
  EXPECT_EQ(parseClaims("TODO: speed up.\n\nNot thread-safe.").size(), 1u);
  EXPECT_EQ(parseClaims("Not thread-safe. TODO: speed up.").size(), 1u);
  EXPECT_EQ(parseClaims("Uses e.g. the list; not thread-safe.").size(), 1u);
}

TEST(Claim, AnyBytes) {
  EXPECT_EQ(parseClaims("\xFF\xFE gr\xFC\xDF"
                        "e: protected by mu_ \xC3")
                .size(),
            1u);
  EXPECT_TRUE(parseClaims("").empty());
  EXPECT_TRUE(parseClaims("....;;;??").empty());
  EXPECT_TRUE(parseClaims(StringRef("lock\0held", 3)).empty());
  std::string Long(100000, 'a');
  EXPECT_TRUE(parseClaims(Long + " lock").empty());
}

TEST(Claim, PrefilterPassesLittle) {
  EXPECT_FALSE(mayMakeClaim("The number of elements."));
  EXPECT_FALSE(mayMakeClaim("Returns true on success"));
  EXPECT_FALSE(mayMakeClaim(""));
  EXPECT_TRUE(mayMakeClaim("No LOCKING needed"));
}

} // namespace

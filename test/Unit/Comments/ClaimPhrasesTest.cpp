//===- ClaimPhrasesTest.cpp - Ways to say it, and what only sounds so -----===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One table: sentences as programmers write them, and what they claim.
//
//===----------------------------------------------------------------------===//

#include "race/Comments/Claim.h"
#include "gtest/gtest.h"
#include <optional>

using namespace llvm;
using namespace race;

namespace {

struct Row {
  const char *Text;
  /// Nothing if it claims nothing.
  std::optional<Claim::KindTy> Kind;
  /// The thread or lock that it names.
  const char *Name = "";
};

class Phrases : public testing::TestWithParam<Row> {};

constexpr auto None = std::nullopt;

const Row Rows[] = {
    // One thread: who it is.
    {"Exclusively used by the flush thread", Claim::Confined, "flush"},
    {"Only touched by the flusher.", Claim::Confined, "flusher"},
    {"exclusively used by the worker", Claim::Confined, "worker"},
    {"Only used in the session's worker", Claim::Confined, "session worker"},
    {"The loop thread is the only one that touches these", Claim::Confined,
     "loop"},
    {"The scheduler thread is the only writer", Claim::Confined, "scheduler"},
    {"the only thread that modifies this is the scheduler", Claim::Confined,
     "scheduler"},
    {"Everything here runs on the event loop", Claim::Confined, "event loop"},
    {"All accesses happen on the event loop thread", Claim::Confined,
     "event loop"},
    {"Everything in this class happens on the loop thread", Claim::Confined,
     "loop"},
    {"All calls come from the same thread.", Claim::Confined},
    {"Only used in the reconcile loop", Claim::Confined, "reconcile loop"},
    {"Data of the poller thread", Claim::Confined, "poller"},
    {"only safe from a single thread", Claim::Confined},
    {"GUARDED_BY(mu_)", Claim::GuardedBy, "mu_"},
    {"counts hits; GUARDED_BY(mu_)", Claim::GuardedBy, "mu_"},
    {"@GuardedBy(\"mu_\")", Claim::GuardedBy, "mu_"},
    {"EXCLUSIVE_LOCKS_REQUIRED(queue_mutex_)", Claim::CallerHolds,
     "queue_mutex_"},
    {"See GUARDED_BY(mu_) for the annotation.", None},
    {"GUARDED_BY(level) of the warning", None},
    {"Nothing here needs a lock because only resolver_main() uses the table.",
     Claim::NoLockNeeded},
    {"Nothing here needs to be freed.", None},
    {"Caller must lock the object.", Claim::CallerHolds},
    {"The caller must hold Mu.", Claim::CallerHolds, "Mu"},
    {"The caller must hold the door.", std::nullopt},
    {"Must only be called if the server queue is locked and the proxy is not.",
     Claim::CallerHolds},
    {"May be called if the server queue is locked.", std::nullopt},
    {"Must only be called if the file is open.", std::nullopt},
    {"Mutex is required when accessing or updating it.", Claim::GuardedBy},
    {"The mutex is not required when accessing it.", Claim::NoLockNeeded},
    {"tree_lock must be held to walk it", Claim::GuardedBy, "tree_lock"},
    {"The caller has to lock this structure", Claim::CallerHolds},
    {"Caller must not lock the object.", None},
    {"The caller may lock the object.", None},
    {"Callers must lock the object's bucket first", None},
    {"Called from I/O thread context", Claim::Confined, "io"},
    {"Runs in the main thread context.", Claim::Confined, "main"},
    {"To be called from the client thread.  More of it.", Claim::Confined,
     "client"},
    {"This is called from within the output thread.", Claim::Confined,
     "output"},
    {"Runs inside the OutputThread.", Claim::Confined, "output"},
    {"We don't protect this under mutex_, as we only support calling it from "
     "the main thread.",
     Claim::Confined, "main"},
    {"Called from the main thread (and also from the IO thread while the main "
     "thread is waiting).",
     None},
    {"only used by the main thread or in a signal handler", None},
    {"Called from thread context", None},
    {"Called from IO thread context except when cork() is called without a "
     "valid source.",
     None},
    {"May be called from within the output thread.", None},
    {"This is to be called from any thread.", None},
    {"we only support calling it from a worker thread", None},
    {"only called in the copy loop", None},
    {"only used by the parser", None},
    {"only touched by a worker", None},
    {"used by the worker", None},
    {"The scheduler is the only class that knows the order.", None},
    {"Everything here runs on Linux", None},
    {"All calls return the same value.", None},
    {"The main thread is the only caller if there are no workers", None},
    // One thread: nobody else.
    {"Nothing else touches this", Claim::Confined},
    {"owned by the session's worker; nothing else may read or write them",
     Claim::Confined},
    {"Single writer", Claim::Confined},
    {"There is only one writer.", Claim::Confined},
    {"not shared", Claim::Confined},
    {"we are the only thread running here", Claim::Confined},
    {"Do not use from multiple threads", Claim::Confined},
    {"Don't call this from another thread.", Claim::Confined},
    {"must not be used by another thread", Claim::Confined},
    {"Nothing else to do", None},
    {"nothing else happens here", None},
    {"A single writer can starve readers.", None},
    {"There is only one writer lock.", None},
    {"not shared with the parent process", None},
    {"Do not use from C code", None},
    {"Can be called from another thread", None},
    // Not thread-safe.
    {"Not protected against concurrent access", Claim::NotThreadSafe},
    {"Does no locking of its own.", Claim::NotThreadSafe},
    {"no internal locking", Claim::NotThreadSafe},
    {"unsynchronized", Claim::NotThreadSafe},
    {"not safe to use from multiple threads", Claim::NotThreadSafe},
    {"options are set in a manner that is not thread safe",
     Claim::NotThreadSafe},
    {"The caller guarantees exclusive access.", Claim::NotThreadSafe},
    {"It is the caller's responsibility to synchronize", Claim::NotThreadSafe},
    {"Synchronization is up to the caller.", Claim::NotThreadSafe},
    {"calls are serialized", Claim::NotThreadSafe},
    {"There are no concurrent writers", Claim::NotThreadSafe},
    {"protected against concurrent access", None},
    {"Does its own locking.", None},
    {"unsynchronized clock", None},
    {"safe to use from multiple threads", None},
    {"options are set in a manner that is thread safe", None},
    {"It is the caller's responsibility to free the result", None},
    {"calls are serialized to JSON", None},
    {"There are no concurrent writers if the queue is bounded", None},
    // Guarded, and the caller holds.
    {"locked by mu_", Claim::GuardedBy, "mu_"},
    {"Must be locked with mutex_ when accessed", None},
    {"All access must go through the lock", Claim::GuardedBy},
    {"access needs mu_", Claim::GuardedBy, "mu_"},
    {"Writers hold mu_; readers don't need to.", Claim::GuardedBy, "mu_"},
    {"caller has the lock", Claim::CallerHolds},
    {"callers should have locked the table", Claim::CallerHolds},
    {"caller locks mu_", Claim::CallerHolds, "mu_"},
    {"The caller is expected to lock the mutex", Claim::CallerHolds},
    {"call only when lock is taken", Claim::CallerHolds},
    {"@GuardedBy mutex_", Claim::GuardedBy, "mutex_"},
    {"Not protected by any mutex or latch.", Claim::NoLockNeeded},
    {"silos is unlocked, it only changes during startup",
     Claim::ImmutableAfterInit},
    {"it only changes during playback", None},
    {"not protected by any law", None},
    {"locked by default", None},
    {"access needs permission", None},
    {"caller has the choice", None},
    {"the caller does not lock", None},
    {"the caller may lock mu_", None},
    // Phases.
    {"At this point there is only one thread.", Claim::BeforeThreads},
    {"there is only one thread yet", Claim::BeforeThreads},
    {"Only configured before the server is started", Claim::BeforeThreads},
    {"there is only one thread per core", None},
    {"sent before the server is started again", None},
    {"Does not change while the server is running", Claim::ImmutableAfterInit},
    {"never modified once the server is running", Claim::ImmutableAfterInit},
    {"not modified after Start()", Claim::ImmutableAfterInit},
    {"Initialised once, then read only", Claim::ImmutableAfterInit},
    {"Fixed at construction", Claim::ImmutableAfterInit},
    {"not modified after parsing", None},
    {"may change while the server is running", None},
    {"Fixed at 16 bytes", None},
    {"Initialised once per connection", None},
    // What callers hold, as documentation says it.
    {"\\note Channel and private lock are already held.", Claim::CallerHolds},
    {"\\note Assumes the pri->lock is already obtained.", Claim::CallerHolds,
     "pri->lock"},
    {"\\pre Assumes lock for callno is already held.", Claim::CallerHolds},
    {"Assumes the lock on the pvt is already held", Claim::CallerHolds},
    {"you must hold a lock on kq_lock", Claim::CallerHolds, "kq_lock"},
    {"Assumes qmCache is held.", Claim::CallerHolds, "qmCache"},
    {"\\note On entry, the bridge is already locked.", Claim::CallerHolds},
    {"On entry agent is locked.", Claim::CallerHolds},
    {"chan is locked on entry", Claim::CallerHolds},
    {"\\note \\c msg_techs_lock must be held.", Claim::CallerHolds,
     "msg_techs_lock"},
    {"The two bridges are assumed already locked.", Claim::CallerHolds},
    {"When this method is entered, the mutex is always locked.",
     Claim::CallerHolds},
    {"HOLDS: context's lock", Claim::CallerHolds},
    {"The current thread must hold the lock on @value.", Claim::CallerHolds},
    {"The caller of any of these functions should be holding |mutex|.",
     Claim::CallerHolds},
    {"must be called while holding the @queue's lock", Claim::CallerHolds},
    {"must be called with write(cache_lock)", Claim::CallerHolds, "cache_lock"},
    {"call from Insert() only, with mutex_ locked", Claim::CallerHolds,
     "mutex_"},
    {"Caller must hold apps_mutex while the fields are copied.",
     Claim::CallerHolds, "apps_mutex"},
    {"\\note dblock is assumed to be held when calling this function.",
     Claim::CallerHolds, "dblock"},
    {"you must lock the mainloop before calling this function",
     Claim::CallerHolds},
    {"The caller needs to lock the flow.", Claim::CallerHolds},
    {"This function expects the list of translators to be locked",
     Claim::CallerHolds},
    {"Finds a command in the list (which must be locked).", Claim::CallerHolds},
    {"The metric must be locked prior to updating its value!",
     Claim::CallerHolds},
    {"\\note This function assumes bridge is locked.", Claim::CallerHolds},
    {"Note that this function only supports a single thread due to a static "
     "buffer.",
     Claim::NotThreadSafe},
    {"This function assumes bridge is open.", None},
    {"only supports a single thread pool", None},
    {"you must lock the door", None},
    {"expects the list of translators to be sorted", None},
    {"a list which must be sorted", None},
    {"Must be called with the translators list locked.", Claim::CallerHolds},
    {"Must be called inside the mutex of 'shard_'.", Claim::CallerHolds},
    {"may be called with the door locked", None},
    {"Must be called with the list and the key.", None},
    {"must be called inside the block", None},
    {"The superblock must be held in memory", None},
    {"\\note On entry, bridge must NOT be locked.", None},
    {"write_lock is not held on entry", None},
    {"On entry, the bridge may or may not be locked", None},
    {"The file is locked by another process", None},
    {"The current thread already holds the lock", None},
    {"Holds the lock file's name", None},
    {"called with write(fd)", None},
    {"Channel and bridge are already known.", None},
    {"assumes fooBar is held", None},
    {"the door is assumed to be open", None},
    {"\\c mutex_ is not held here", None},
    // No lock needed, in other words.
    {"We don't need to lock the state.", Claim::NoLockNeeded},
    {"so the counter itself needs no synchronization", Claim::NoLockNeeded},
    {"no needs for atomics on metric", Claim::NoLockNeeded},
    {"therefore no mutex protection needed", Claim::NoLockNeeded},
    {"It is not needed to lock here.", Claim::NoLockNeeded},
    {"This is done without locking because one reader is enough.",
     Claim::NoLockNeeded},
    {"We do not synchronize that counter, it does not matter",
     Claim::NoLockNeeded},
    {"Members that do not serialize access can be set outside of 'mutex_'.",
     Claim::NoLockNeeded},
    {"assumed to be read atomically", Claim::NoLockNeeded},
    {"These are assumed to be read atomically, so the lock is not needed",
     Claim::NoLockNeeded},
    {"The field is left unguarded because nobody modifies it.",
     Claim::NoLockNeeded},
    {"Locking here is technically not needed", Claim::NoLockNeeded},
    {"left unguarded by the parser", None},
    {"These are read atomically, so the lock is not needed", None},
    {"Copied, so we can read it outside of the lock.", None},
    {"which requires no locking", None},
    {"needs no extra locking", None},
    {"Members do not need to be set outside of 'mutex_'.", None},
    {"It is not needed to open the door.", None},
    {"We do not lock the file, it is read only", None},
    {"is not assumed to be a number", None},
    // Among plans, what is so until then.
    {"TODO: send it elsewhere. It works for now because everything is single "
     "threaded.",
     Claim::Confined},
    {"It should be called at the very start, before creating any other "
     "threads.",
     Claim::BeforeThreads},
    {"It should be called before creating any other windows.", None},
    {"so we know that we are single-threaded through here",
     Claim::BeforeThreads},
    {"Clients will need to provide their own external synchronization.",
     Claim::NotThreadSafe},
    {"TODO: this works because everything is single threaded.", None},
    {"TODO: send it elsewhere. Everything is single threaded.", None},
    // The rest.
    {"Must be called single threaded.", Claim::Confined},
    {"called from a single pulse daemon thread", Claim::Confined,
     "pulse daemon"},
    {"must be used by only one cpu", Claim::Confined},
    {"This object is not multi-thread safe.", Claim::NotThreadSafe},
    {"does not support calling read concurrently", Claim::NotThreadSafe},
    {"Calls to Open() should be serialized by the application",
     Claim::NotThreadSafe},
    {"the checkpoint is serialized on 'mutex_'", Claim::GuardedBy, "mutex_"},
    {"Mutex protected state flags.", Claim::GuardedBy},
    {"must all be read/written with @g_globals held", Claim::GuardedBy,
     "g_globals"},
    {"After initialization this field is effectively const",
     Claim::ImmutableAfterInit},
    {"called from a single worker pool thread handle", None},
    {"supports calling read concurrently", None},
    {"the header is serialized on disk", None},
    {"password protected state", None},
    {"After initialization this field is counted", None},
    {"each cpu has its own", None},
    {"It has some elements, each of which is accessed by only one shard.",
     None},
    {"each is used by one thread only", None},
    // On the statement that takes a lock.
    {"This lock prevents us from another thread reading while we write.",
     Claim::GuardedBy},
    {"Take the lock so that no other thread reads names.", Claim::GuardedBy},
    {"Lock to protect against concurrent updates", Claim::GuardedBy},
    {"Protect against concurrent updates.", Claim::GuardedBy},
    {"This lock is never taken.", None},
    {"Take the lock and go.", None},
    {"Lock to the left margin", None},
    {"Protect against double frees.", None},
};

TEST_P(Phrases, Claim) {
  const Row &R = GetParam();
  SCOPED_TRACE(R.Text);
  SmallVector<Claim, 1> Claims = parseClaims(R.Text);
  if (!R.Kind) {
    EXPECT_TRUE(Claims.empty()) << int(Claims.front().Kind);
    return;
  }
  EXPECT_TRUE(mayMakeClaim(R.Text));
  ASSERT_FALSE(Claims.empty());
  const Claim &C = Claims.front();
  EXPECT_EQ(C.Kind, *R.Kind);
  bool OfLock = C.Kind == Claim::GuardedBy || C.Kind == Claim::CallerHolds;
  EXPECT_EQ(OfLock ? C.Lock : C.Thread, R.Name);
}

INSTANTIATE_TEST_SUITE_P(AsWritten, Phrases, testing::ValuesIn(Rows));

} // namespace

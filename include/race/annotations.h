/*===- annotations.h - Saying in the source what race-tidy cannot see -*- C
 *-*-===
 *
 * Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * For C and C++, for any compiler, without a library to link. clang keeps what
 * is said here in the syntax tree, where the checks find it; for other
 * compilers the macros are empty. docs/annotations.md explains them.
 *
 * A macro stands in front of the declaration that it speaks of:
 *
 *   void pool_put(struct pool *p, RACE_HAND_BACK struct conn *c);
 *   RACE_ACQUIRE struct conn *pool_get(struct pool *p);
 *
 * The macros can be used where other attributes are, in every declaration of a
 * function or in one that the callers see.
 *
 *===----------------------------------------------------------------------===*/

#ifndef RACE_ANNOTATIONS_H
#define RACE_ANNOTATIONS_H

#if defined(__clang__)
#define RACE_ANNOTATE(text) __attribute__((annotate(text)))
#else
#define RACE_ANNOTATE(text)
#endif

/* On a parameter: after the call, what is passed for it belongs to somebody
 * else. On a method: so does the object that the method is called on. A pointer
 * or handle that is passed by value is left as it is, and must not be used. */
#define RACE_HAND_BACK RACE_ANNOTATE("race::hand_back")

/* The same where the result decides: only if the call returns true (non-zero,
 * non-null), false (zero, null), or a number that is or is not negative. */
#define RACE_HAND_BACK_IF_TRUE RACE_ANNOTATE("race::hand_back_if_true")
#define RACE_HAND_BACK_IF_FALSE RACE_ANNOTATE("race::hand_back_if_false")
#define RACE_HAND_BACK_IF_NEGATIVE RACE_ANNOTATE("race::hand_back_if_negative")
#define RACE_HAND_BACK_IF_NON_NEGATIVE                                         \
  RACE_ANNOTATE("race::hand_back_if_non_negative")

/* On a function: what it returns is the caller's from then on. On a method that
 * returns nothing: so is the object that the method is called on. */
#define RACE_ACQUIRE RACE_ANNOTATE("race::acquire")

/* On a parameter or method, where RACE_HAND_BACK could stand: the caller keeps
 * the object, whatever names, models and the body of the function suggest. */
#define RACE_KEEP RACE_ANNOTATE("race::keep")

/* Claims: what a comment may say about threads and locks, so that it is
 * checked. On a field, variable, function or class, in front of it (of a class:
 * behind the word class or struct). docs/checks/race-stale-thread-comment.md
 * says how they are judged. */

/* Only this thread, by the name that the program gives it, touches or calls it;
 * the second: only one thread does, whichever it is. */
#define RACE_CONFINED_TO(thread) RACE_ANNOTATE("race::claim:confined:" thread)
#define RACE_SINGLE_THREADED RACE_ANNOTATE("race::claim:confined")

/* On a field or variable: accesses hold the lock. On a function: its callers
 * do. */
#define RACE_GUARDED_BY(lock) RACE_ANNOTATE("race::claim:guarded:" #lock)
#define RACE_REQUIRES(lock) RACE_ANNOTATE("race::claim:caller-holds:" #lock)

/* Touched or called only before the first thread is started; not changed once
 * it is initialized. */
#define RACE_BEFORE_THREADS RACE_ANNOTATE("race::claim:before-threads")
#define RACE_IMMUTABLE_AFTER_INIT RACE_ANNOTATE("race::claim:immutable")

/* Whoever shares an object of the class, or calls the function, sees to it that
 * it is one thread at a time. */
#define RACE_NOT_THREAD_SAFE RACE_ANNOTATE("race::claim:not-thread-safe")

#endif /* RACE_ANNOTATIONS_H */

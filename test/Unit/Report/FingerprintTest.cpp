//===- FingerprintTest.cpp - Names of findings that last ------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/Fingerprint.h"
#include "llvm/ADT/StringSet.h"
#include "gtest/gtest.h"

using namespace race;

namespace {

Finding sample() {
  Finding F;
  F.Check = "race-check-then-act";
  F.Place = {"/p/src/cache.cpp", 10, 3};
  F.Message = "check-then-act on 'cache_': another thread can change it "
              "between 'get' and 'set'";
  F.Kind = "pair";
  F.Scope = "app::Server::handle";
  F.Subject = "cache_";
  return F;
}

std::vector<std::string> fingerprints(std::vector<Finding> All) {
  assignFingerprints(All);
  std::vector<std::string> Names;
  for (const Finding &F : All)
    Names.push_back(F.Fingerprint);
  return Names;
}

std::string fingerprint(const Finding &F) { return fingerprints({F})[0]; }

} // namespace

TEST(Fingerprint, IsNoSurprise) {
  // It is written into baselines: it must not change by accident.
  EXPECT_EQ(fingerprint(sample()), "29eb2327b48ad454");
  EXPECT_EQ(fingerprint(sample()).size(), FingerprintSize);
}

TEST(Fingerprint, OutlivesChangesAround) {
  std::string Before = fingerprint(sample());
  Finding F = sample();
  F.Place.Line += 100; // lines are put in above
  EXPECT_EQ(fingerprint(F), Before);
  F.Place.Column = 40; // the line is formatted
  F.Subject = "cache_ ";
  EXPECT_EQ(fingerprint(F), Before);
  F.Message = "other words, and 'fetch' where 'get' was"; // better words
  EXPECT_EQ(fingerprint(F), Before);
  F.Notes.push_back({{"/p/other.cpp", 3, 4}, "a note more"});
  F.Interleaving.push_back({2, {"/p/other.cpp", 3, 4}, "a step more"});
  F.Why = Evidence::Modelled;
  EXPECT_EQ(fingerprint(F), Before);
  F.Place.File = "/q/lib/moved.cpp"; // the file is moved
  EXPECT_EQ(fingerprint(F), Before);
}

TEST(Fingerprint, CommentsMayBeWrapped) {
  Finding F = sample();
  F.Subject = "single-threaded, no locking needed pending_";
  std::string Before = fingerprint(F);
  F.Subject = "single-threaded,\n   // no locking needed pending_";
  EXPECT_EQ(fingerprint(F), Before);
  F.Subject = "single-threaded,\n   * no locking needed pending_";
  EXPECT_EQ(fingerprint(F), Before);
}

TEST(Fingerprint, TellsWhatIsNotTheSame) {
  llvm::StringSet<> Seen;
  auto IsNew = [&](const Finding &F) {
    return Seen.insert(fingerprint(F)).second;
  };
  Finding F = sample();
  EXPECT_TRUE(IsNew(F));
  F.Check = "race-use-after-release";
  EXPECT_TRUE(IsNew(F));
  F = sample();
  F.Kind = "twice";
  EXPECT_TRUE(IsNew(F));
  F = sample();
  F.Scope = "app::Client::handle";
  EXPECT_TRUE(IsNew(F));
  F = sample();
  F.Subject = "sessions_";
  EXPECT_TRUE(IsNew(F));
}

TEST(Fingerprint, ThePrivateHaveTheirFile) {
  Finding A = sample(), B = sample();
  A.Scope = B.Scope = "handle";
  A.ScopeIsLocal = B.ScopeIsLocal = true;
  B.Place.File = "/p/src/store.cpp";
  EXPECT_NE(fingerprint(A), fingerprint(B));
  // Another folder is the same file, moved.
  B.Place.File = "/p/lib/cache.cpp";
  EXPECT_EQ(fingerprint(A), fingerprint(B));
}

TEST(Fingerprint, EqualsAreCounted) {
  std::vector<Finding> Three(3, sample());
  Three[1].Place.Line = 20;
  Three[2].Place.Line = 30;
  std::vector<std::string> Names = fingerprints(Three);
  EXPECT_NE(Names[0], Names[1]);
  EXPECT_NE(Names[1], Names[2]);
  EXPECT_NE(Names[0], Names[2]);
  // One that stands alone has the name of the first.
  EXPECT_EQ(Names[0], fingerprint(sample()));
  // Others in between do not count.
  Finding Other = sample();
  Other.Subject = "sessions_";
  Three.insert(Three.begin() + 1, Other);
  EXPECT_EQ(fingerprints(Three)[2], Names[1]);
}

TEST(Fingerprint, WithoutASubjectTheMessagesFirstNameCounts) {
  Finding F = sample();
  F.Subject = "";
  EXPECT_EQ(fingerprint(F), fingerprint(sample()));
  F.Message = "no name";
  EXPECT_EQ(fingerprint(F).size(), FingerprintSize);
}

TEST(Fingerprint, LooksLikeOne) {
  EXPECT_TRUE(looksLikeFingerprint("0123456789abcdef"));
  EXPECT_TRUE(looksLikeFingerprint("01AB"));
  EXPECT_FALSE(looksLikeFingerprint("012"));
  EXPECT_FALSE(looksLikeFingerprint("0123456789abcdef0"));
  EXPECT_FALSE(looksLikeFingerprint("cafe.cpp"));
  EXPECT_FALSE(looksLikeFingerprint(""));
}

//===- SummaryJsonTest.cpp - Summaries survive being written --------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/SummaryJson.h"
#include "Flow/FlowTestSupport.h"
#include "race/Summary/TranslationUnit.h"
#include "gtest/gtest.h"

using namespace race;

namespace {
/// Has something of everything: hand-backs, locks, containers, starts, claims,
/// calls through pointers, lambdas.
constexpr const char *Code = R"cpp(
#include <pthread.h>
struct Item { Item *Next; };
class Pool {
public:
  Item *get() { Item *I = Free; if (I) Free = I->Next; return I; }
  void put(Item *I) { I->Next = Free; Free = I; }
private:
  Item *Free = nullptr;
};
pthread_mutex_t Mutex = PTHREAD_MUTEX_INITIALIZER;
// Single-threaded, no locking needed.
int Count;
// Guarded by Mutex.
int Guarded[4];
void done(Pool &P, Item *I) { if (I) P.put(I); }
void *work(void *) {
  ++Count;
  pthread_mutex_lock(&Mutex);
  Guarded[1] = Count;
  pthread_mutex_unlock(&Mutex);
  return nullptr;
}
void (*Hook)() = nullptr;
void call() { if (Hook) Hook(); }
void set() { Hook = [] { --Count; }; }
int main() {
  pthread_t T;
  for (int I = 0; I < 3; ++I)
    pthread_create(&T, nullptr, work, nullptr);
  set();
  call();
}
)cpp";

std::string summary() {
  flowtest::Snippet S(Code);
  return summaryToJson(S.unit().summary(), S.unit().names(), "/p");
}

std::string complaint(llvm::StringRef Json) {
  EntityTable Names;
  llvm::Expected<TUSummary> S = summaryFromJson(Json, Names, "/p");
  return S ? "" : llvm::toString(S.takeError());
}
} // namespace

TEST(SummaryJson, RoundTrip) {
  std::string Json = summary();
  EXPECT_EQ(Json, summary());
  EntityTable Names;
  llvm::Expected<TUSummary> S = summaryFromJson(Json, Names, "/elsewhere");
  ASSERT_TRUE(static_cast<bool>(S)) << llvm::toString(S.takeError());
  EXPECT_EQ(summaryToJson(*S, Names, "/elsewhere"), Json);
  // It was worth the trouble.
  EXPECT_GE(S->Functions.size(), 6u);
  EXPECT_GE(S->Claims.size(), 2u);
  for (const char *Word : {"handBacks", "\"locks\"", "accesses", "starts",
                           "claims", "escapes", "through"})
    EXPECT_NE(Json.find(Word), std::string::npos) << Word;
}

TEST(SummaryJson, Effects) {
  flowtest::Snippet S(Code);
  const Effects &E = S.unit().effects().of(S.function("done"));
  ASSERT_EQ(E.HandBacks.size(), 1u);
  std::string Json = effectsToJson(E, S.unit().names(), "/p");
  EntityTable Names;
  llvm::Expected<Effects> Back = effectsFromJson(Json, Names, "/p");
  ASSERT_TRUE(static_cast<bool>(Back)) << llvm::toString(Back.takeError());
  EXPECT_EQ(Back->HandBacks.size(), 1u);
  EXPECT_EQ(effectsToJson(*Back, Names, "/p"), Json);
}

TEST(SummaryJson, OtherVersion) {
  std::string Json = summary();
  std::string Version = "\"version\":" + std::to_string(SummaryVersion);
  size_t At = Json.find(Version);
  ASSERT_NE(At, std::string::npos);
  Json.replace(At, Version.size(), "\"version\":999");
  EXPECT_NE(complaint(Json).find("version 999"), std::string::npos);
  EXPECT_NE(complaint(R"({"names":[],"files":[]})"), "");
}

TEST(SummaryJson, CutOff) {
  std::string Json = summary();
  ASSERT_EQ(complaint(Json), "");
  for (size_t Size = 0; Size < Json.size(); Size += 50)
    EXPECT_NE(complaint(llvm::StringRef(Json).take_front(Size)), "") << Size;
}

TEST(SummaryJson, OtherBytes) {
  // What is said does not matter, as long as something can be said.
  std::string Json = summary();
  for (size_t At = 0; At < Json.size(); At += 7)
    for (char C : {'9', '-', '"', '[', '}'}) {
      std::string Changed = Json;
      Changed[At] = C;
      EntityTable Names;
      if (llvm::Expected<TUSummary> S = summaryFromJson(Changed, Names, "/p"))
        EXPECT_NE(summaryToJson(*S, Names, "/p"), "");
      else
        llvm::consumeError(S.takeError());
    }
}

//===- ImportedClaimsTest.cpp - Claims of other files ---------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Models/Models.h"
#include "race/Summary/Imports.h"
#include "race/Summary/TranslationUnit.h"
#include "clang/Frontend/ASTUnit.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "gtest/gtest.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace race;

namespace {
/// Another file's comment speaks of one entity.
class OneClaim : public Imports {
public:
  explicit OneClaim(std::string Subject) : Subject(std::move(Subject)) {}
  std::optional<Effects> effectsOf(const EntityName &,
                                   EntityTable &) const override {
    return std::nullopt;
  }
  bool isClaimed(const EntityName &Name) const override {
    return Name.Display == Subject;
  }

private:
  std::string Subject;
};

class ImportedClaims : public testing::Test {
protected:
  ImportedClaims() : AST(clang::tooling::buildASTFromCode(Code)) {}

  /// The summary, if another file claims something about \p Subject.
  TUSummary summary(llvm::StringRef Subject) {
    clang::ASTContext &Ctx = AST->getASTContext();
    Models M = Models::withPresetsFor(Ctx.Idents);
    OneClaim Claim(Subject.str());
    UnitOptions How;
    How.ForProgram = true;
    How.Imported = &Claim;
    TranslationUnit TU(Ctx, M, How);
    Touched.clear();
    for (EntityId E : TU.summary().Touched)
      Touched.push_back(TU.names().display(E).str());
    llvm::sort(Touched);
    Accessed.clear();
    for (const FunctionSummary &F : TU.summary().Functions)
      for (const AccessSummary &A : F.Accesses)
        Accessed.push_back(TU.names().display(A.Where.lastEntity()).str() +
                           " in " + TU.names().display(F.Function).str());
    llvm::sort(Accessed);
    Accessed.erase(std::unique(Accessed.begin(), Accessed.end()),
                   Accessed.end());
    return TU.summary();
  }

  using Lines = std::vector<std::string>;
  static constexpr llvm::StringLiteral Code = R"cpp(
    extern int Count, Other;
    static int Own;
    void tick() { ++Count; }
    void tock() { ++Other; }
    int format() { return ++Own; }
    int helper() { return format(); }
  )cpp";
  std::unique_ptr<clang::ASTUnit> AST;
  Lines Touched, Accessed;
};
} // namespace

TEST_F(ImportedClaims, WhatIsTouchedIsAlwaysTold) {
  // Or knowing would make a unit forget, and it would be read again forever.
  summary("none");
  EXPECT_EQ(Touched, (Lines{"Count", "Other"}));
  EXPECT_EQ(Accessed, Lines());
  summary("Count");
  EXPECT_EQ(Touched, (Lines{"Count", "Other"}));
  EXPECT_EQ(Accessed, (Lines{"Count in tick"}));
}

TEST_F(ImportedClaims, OfAFunctionAreAboutWhatItTouches) {
  summary("helper");
  EXPECT_EQ(Touched, (Lines{"Count", "Other"}));
  EXPECT_EQ(Accessed, (Lines{"Own in format"}));
}

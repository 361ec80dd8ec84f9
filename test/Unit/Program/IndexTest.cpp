//===- IndexTest.cpp - What is kept between runs --------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Program/Index.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <sqlite3.h>

using namespace race;

namespace {
class IndexTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("race-index", Folder));
    File = Folder;
    llvm::sys::path::append(File, "sub", "index");
  }
  void TearDown() override { llvm::sys::fs::remove_directories(Folder); }

  std::unique_ptr<Index> open() {
    Remade.clear();
    auto I = Index::open(File, Index::Access::ReadWrite, Remade);
    if (I)
      return std::move(*I);
    ADD_FAILURE() << llvm::toString(I.takeError());
    return nullptr;
  }

  void overwrite(llvm::StringRef Text) {
    std::error_code EC;
    llvm::raw_fd_ostream OS(File, EC);
    ASSERT_FALSE(EC);
    OS << Text;
  }

  static Index::Unit unit(std::string Key) {
    Index::Unit U;
    U.Main = "a.cpp";
    U.Command = "c";
    U.Key = std::move(Key);
    U.Files = {"a.cpp", "a.h"};
    return U;
  }

  llvm::SmallString<128> Folder, File;
  std::string Remade;
};
} // namespace

TEST_F(IndexTest, WhatIsPutIsThereNextTime) {
  {
    auto I = open();
    EXPECT_EQ(Remade, "");
    I->begin();
    Index::Unit U = unit("k");
    U.Error = "no";
    I->putUnit(U);
    EXPECT_NE(U.Id, 0);
    I->putResult(U, "", "first");
    I->putResult(U, "i", "second");
    I->setImports(U.Id, "i");
    I->putFile("a.h", {12, 34, "hash"});
    I->putMeta("root", ".");
    I->replaceEffects({{"f", "", "a.cpp", "{}"}});
    I->commit();
    EXPECT_EQ(I->writeProblem(), "");
  }
  auto I = open();
  ASSERT_EQ(I->units().size(), 1u);
  Index::Unit U = I->units().front();
  EXPECT_EQ(U.Main, "a.cpp");
  EXPECT_EQ(U.Key, "k");
  EXPECT_EQ(U.Error, "no");
  EXPECT_EQ(U.Files, (std::vector<std::string>{"a.cpp", "a.h"}));
  EXPECT_EQ(U.Imports, "i");
  EXPECT_EQ(I->result(U, ""), "first");
  EXPECT_EQ(I->result(U, "i"), "second");
  EXPECT_EQ(I->result(U, "j"), std::nullopt);
  ASSERT_TRUE(I->file("a.h"));
  EXPECT_EQ(I->file("a.h")->Modified, 12);
  EXPECT_EQ(I->file("a.h")->Size, 34u);
  EXPECT_FALSE(I->file("b.h"));
  EXPECT_EQ(I->meta("root"), ".");
  EXPECT_EQ(I->meta("none"), std::nullopt);
  ASSERT_TRUE(I->effect("f", ""));
  EXPECT_EQ(I->effect("f", "")->File, "a.cpp");
  EXPECT_FALSE(I->effect("f", "a.cpp"));
}

TEST_F(IndexTest, ResultsGoWithTheirKey) {
  auto I = open();
  Index::Unit Old = unit("old");
  I->putUnit(Old);
  I->putResult(Old, "", "first");
  // Another run reads the unit anew.
  Index::Unit New = unit("new");
  I->putUnit(New);
  EXPECT_EQ(New.Id, Old.Id);
  EXPECT_EQ(I->result(New, ""), std::nullopt);
  // What the first run still says is of yesterday's text.
  I->putResult(Old, "", "late");
  EXPECT_EQ(I->result(Old, ""), std::nullopt);
  EXPECT_EQ(I->result(New, ""), std::nullopt);
  I->putResult(New, "", "second");
  EXPECT_EQ(I->result(New, ""), "second");
  I->removeUnit(New.Id);
  I->putResult(New, "", "lost");
  EXPECT_TRUE(I->units().empty());
  EXPECT_EQ(I->writeProblem(), "");
}

TEST_F(IndexTest, OnlyWhatTheLinkUsedIsKept) {
  auto I = open();
  Index::Unit U = unit("k");
  I->putUnit(U);
  for (const char *Imports : {"", "i", "j"})
    I->putResult(U, Imports, Imports);
  I->setImports(U.Id, "j");
  I->prune(U.Id, {"", "j"});
  EXPECT_EQ(I->result(U, ""), "");
  EXPECT_EQ(I->result(U, "i"), std::nullopt);
  EXPECT_EQ(I->result(U, "j"), "j");
}

TEST_F(IndexTest, UnfinishedTransactionsAreLost) {
  {
    auto I = open();
    I->putMeta("a", "1");
    I->begin();
    I->putMeta("a", "2");
  }
  EXPECT_EQ(open()->meta("a"), "1");
}

TEST_F(IndexTest, WhatIsNoIndexIsMadeAnew) {
  open()->putMeta("a", "1");
  overwrite("This is a text and no index, and never was one.");
  auto I = open();
  EXPECT_NE(Remade, "");
  EXPECT_EQ(I->meta("a"), std::nullopt);
  I->putMeta("a", "2");
  EXPECT_EQ(I->writeProblem(), "");
  I.reset();
  EXPECT_EQ(open()->meta("a"), "2");
  EXPECT_EQ(Remade, "");
}

TEST_F(IndexTest, ReadersTouchNothing) {
  auto I = Index::open(File, Index::Access::ReadOnly, Remade);
  ASSERT_FALSE(static_cast<bool>(I));
  EXPECT_NE(llvm::toString(I.takeError()).find("index"), std::string::npos);
  EXPECT_FALSE(llvm::sys::fs::exists(File));

  open()->putMeta("a", "1");
  auto Reader = Index::open(File, Index::Access::ReadOnly, Remade);
  ASSERT_TRUE(static_cast<bool>(Reader));
  (*Reader)->putMeta("a", "2");
  EXPECT_NE((*Reader)->writeProblem(), "");
  EXPECT_EQ(open()->meta("a"), "1");

  overwrite("This is a text and no index, and never was one.");
  auto Bad = Index::open(File, Index::Access::ReadOnly, Remade);
  ASSERT_FALSE(static_cast<bool>(Bad));
  llvm::consumeError(Bad.takeError());
}

TEST_F(IndexTest, AGlanceDoesNotWait) {
  auto Glance = [&]() -> std::optional<std::string> {
    auto I = Index::open(File, Index::Access::Glance, Remade);
    if (!I)
      return "error: " + llvm::toString(I.takeError());
    return *I ? (*I)->meta("a") : std::nullopt;
  };
  // Not there any more, though it was a moment ago.
  EXPECT_EQ(Glance(), std::nullopt);
  open()->putMeta("a", "1");
  EXPECT_EQ(Glance(), "1");
  // In the middle of a long write it is what it was before.
  auto Writer = open();
  Writer->begin();
  Writer->putMeta("a", "2");
  EXPECT_EQ(Glance(), "1");
  Writer->commit();
  EXPECT_EQ(Glance(), "2");
  Writer.reset();
  // Somebody keeps it for himself, for as long as he likes.
  sqlite3 *DB = nullptr;
  ASSERT_EQ(sqlite3_open(File.c_str(), &DB), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(DB, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  EXPECT_EQ(Glance(), std::nullopt);
  sqlite3_close(DB);
  EXPECT_EQ(Glance(), "2");
  // Made, and nothing in it yet.
  overwrite("");
  EXPECT_EQ(Glance(), std::nullopt);
  overwrite("This is a text and no index, and never was one.");
  EXPECT_NE(Glance().value_or("").find("error: index"), std::string::npos);
}

TEST_F(IndexTest, WithoutAPlaceNothingIsKept) {
  // A file stands where the folder should be.
  llvm::SmallString<128> Blocked = File;
  ASSERT_FALSE(llvm::sys::fs::create_directories(Folder));
  File = llvm::sys::path::parent_path(Blocked);
  overwrite("in the way");
  File = Blocked;
  auto I = open();
  ASSERT_TRUE(I);
  EXPECT_EQ(Remade, "");
  EXPECT_NE(I->writeProblem(), "");
  I->begin();
  I->putMeta("a", "1");
  I->commit();
  EXPECT_TRUE(I->units().empty());
}

//===- WriteFileTest.cpp - A file, whole or not at all --------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/WriteFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"
#include <thread>
#include <vector>

using namespace race;
namespace fs = llvm::sys::fs;

namespace {
class WriteFileTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(fs::createUniqueDirectory("race-write", Folder));
  }
  void TearDown() override { fs::remove_directories(Folder); }

  std::string path(llvm::StringRef Name) {
    llvm::SmallString<128> Path(Folder);
    llvm::sys::path::append(Path, Name);
    return Path.str().str();
  }
  static std::string content(const std::string &File) {
    auto Buffer = llvm::MemoryBuffer::getFile(File);
    return Buffer ? (*Buffer)->getBuffer().str() : "none";
  }
  /// What lies in the folder.
  std::vector<std::string> names() {
    std::vector<std::string> Names;
    std::error_code EC;
    for (fs::directory_iterator I(Folder, EC), End; I != End && !EC;
         I.increment(EC))
      Names.push_back(llvm::sys::path::filename(I->path()).str());
    return Names;
  }

  llvm::SmallString<128> Folder;
};
} // namespace

TEST_F(WriteFileTest, NewAndOld) {
  std::string File = path("a.json");
  EXPECT_FALSE(static_cast<bool>(writeWholeFile(File, "one")));
  EXPECT_EQ(content(File), "one");
  EXPECT_FALSE(static_cast<bool>(writeWholeFile(File, "")));
  EXPECT_EQ(content(File), "");
  EXPECT_EQ(names(), std::vector<std::string>{"a.json"});
}

TEST_F(WriteFileTest, Failures) {
  std::string Below = path("no/such/folder");
  EXPECT_EQ(llvm::toString(writeWholeFile(Below, "x")),
            Below + ": No such file or directory");
  std::string Taken = path("taken");
  ASSERT_FALSE(fs::create_directory(Taken));
  EXPECT_EQ(llvm::toString(writeWholeFile(Taken, "x")),
            Taken + ": Is a directory");
  EXPECT_EQ(llvm::toString(writeWholeFile("/dev/full", "x")),
            "/dev/full: No space left on device");
  EXPECT_EQ(names(), std::vector<std::string>{"taken"});
}

// Whoever reads while several write sees one of the texts, never a part.
TEST_F(WriteFileTest, SeveralAtOnce) {
  std::string File = path("a.json");
  ASSERT_FALSE(static_cast<bool>(writeWholeFile(File, std::string(9999, 'a'))));
  std::vector<std::thread> Writers;
  for (char Letter : {'a', 'b', 'c'})
    Writers.emplace_back([&, Letter] {
      for (int I = 0; I < 30; ++I)
        llvm::consumeError(writeWholeFile(File, std::string(9999, Letter)));
    });
  for (int I = 0; I < 100; ++I) {
    std::string Seen = content(File);
    ASSERT_EQ(Seen, std::string(9999, Seen.front()));
  }
  for (std::thread &T : Writers)
    T.join();
  EXPECT_EQ(names(), std::vector<std::string>{"a.json"});
}

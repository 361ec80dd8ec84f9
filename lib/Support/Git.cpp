//===- Git.cpp - What git says of a work tree -----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Git.h"
#include "race/Support/Failure.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace llvm;

Expected<race::GitAnswer> race::runGit(StringRef Folder,
                                       ArrayRef<StringRef> Arguments) {
  ErrorOr<std::string> Program = sys::findProgramByName("git");
  if (!Program)
    return failure("there is no git on the PATH; install the package git");
  SmallString<128> Out, Err;
  for (SmallString<128> *File : {&Out, &Err})
    if (std::error_code EC =
            sys::fs::createTemporaryFile("race-tidy", "git", *File))
      return failure("a temporary file: " + EC.message());
  FileRemover RemoveOut(Out), RemoveErr(Err);
  SmallVector<StringRef, 16> Command = {*Program, "-C", Folder};
  Command.append(Arguments.begin(), Arguments.end());
  GitAnswer A;
  std::string Why;
  A.Status = sys::ExecuteAndWait(
      *Program, Command, /*Env=*/std::nullopt,
      {StringRef(""), StringRef(Out), StringRef(Err)}, /*SecondsToWait=*/0,
      /*MemoryLimit=*/0, &Why);
  if (A.Status < 0)
    return failure("git: " + Why);
  for (auto [File, Text] : {std::pair(&Out, &A.Text), {&Err, &A.Complaint}}) {
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
        MemoryBuffer::getFile(*File);
    if (!Buffer)
      return failure(*File + ": " + Buffer.getError().message());
    *Text = (*Buffer)->getBuffer().str();
  }
  A.Complaint = StringRef(A.Complaint).trim().split('\n').first.str();
  return std::move(A);
}

//===- Extract.cpp - race-tidy extract ------------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Extract.h"
#include "Commands.h"
#include "race/Models/Models.h"
#include "race/Support/WriteFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;

namespace race {

cl::SubCommand ExtractCommand("extract",
                              "Writes what one file says to others, as JSON: "
                              "race-tidy extract file.cpp -- clang++ flags");

static cl::opt<std::string> File(cl::Positional, cl::Required,
                                 cl::desc("<file>"), cl::sub(ExtractCommand));
static cl::opt<std::string> Output("o", cl::init("-"), cl::value_desc("file"),
                                   cl::desc("Where to write (default: stdout)"),
                                   cl::sub(ExtractCommand), cl::cat(Category));
static cl::opt<std::string>
    Root("root", cl::value_desc("folder"),
         cl::desc("The project's folder, to which file names are relative "
                  "(default: the current one)"),
         cl::sub(ExtractCommand), cl::cat(Category));

int runExtract() {
  SmallString<128> Here, Folder(Root);
  if (std::error_code EC = sys::fs::current_path(Here))
    return fail("the current folder: " + EC.message());
  if (Folder.empty())
    Folder = Here;
  sys::fs::make_absolute(Folder);

  std::vector<std::string> Command = AfterDashes;
  // Flags alone, or a whole command.
  if (Command.empty() || StringRef(Command.front()).starts_with("-"))
    Command.insert(Command.begin(), "clang++");
  Command.push_back(File);
  CompileUnit Unit = makeUnit(File, Here, std::move(Command), Folder);
  ExtractOptions Options;
  Options.Root = Folder.str().str();
  std::string Own = Models::findUserFile(Unit.File);
  if (!Own.empty())
    Options.Models.push_back(Own);
  Extraction X = extract(Unit, Options);
  if (!X.Error.empty())
    WithColor::error(errs(), "race-tidy") << File << ": " << X.Error << '\n';
  if (X.Json.empty())
    return Failed;
  X.Json += '\n';
  if (Output == "-")
    outs() << X.Json;
  else if (Error E = writeWholeFile(Output, X.Json))
    return fail(toString(std::move(E)));
  return X.Error.empty() ? Clean : Failed;
}

} // namespace race

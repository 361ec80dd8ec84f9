//===- Extract.cpp - race-tidy extract ------------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Extract.h"
#include "Commands.h"
#include "race/Driver/Summaries.h"
#include "race/Driver/TidyConfig.h"
#include "race/Program/ImportFinder.h"
#include "race/Support/Failure.h"
#include "race/Support/WriteFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
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

static cl::opt<std::string> ImportsFile(
    "imports", cl::value_desc("file"),
    cl::desc("What linking found out that matters to this file: what "
             "'race-tidy link --imports' wrote"),
    cl::sub(ExtractCommand), cl::cat(Category));
static cl::opt<std::string> KnownFile(
    "known", cl::value_desc("file"),
    cl::desc("The summary of this file that linking has seen. If the imports "
             "are no others than those it was made with, it is taken over and "
             "nothing is read"),
    cl::sub(ExtractCommand), cl::cat(Category));

/// The imports that the option names; nothing without it.
static Expected<std::optional<ImportTable>> readImports(StringRef Root) {
  if (ImportsFile.empty())
    return std::nullopt;
  auto Buffer = MemoryBuffer::getFile(ImportsFile);
  if (!Buffer)
    return failure(ImportsFile + ": " + Buffer.getError().message());
  Expected<ImportTable> Table =
      ImportTable::fromJson((*Buffer)->getBuffer(), Root);
  if (!Table)
    return failure(ImportsFile + ": " + toString(Table.takeError()));
  return std::move(*Table);
}

static int write(StringRef Json) {
  if (Output == "-")
    outs() << Json;
  else if (Error E = writeWholeFile(Output, Json))
    return fail(toString(std::move(E)));
  return Clean;
}

/// Takes over the summary that is known if another reading would say the same.
static std::optional<int> takeOver(StringRef Root, StringRef ImportsHash) {
  if (KnownFile.empty())
    return std::nullopt;
  EntityTable Names;
  Expected<UnitDocument> Known = readSummary(KnownFile, Names, Root);
  if (!Known)
    return fail(KnownFile + ": " + toString(Known.takeError()));
  if (Known->Imports != ImportsHash)
    return std::nullopt;
  auto Buffer = MemoryBuffer::getFile(KnownFile);
  if (!Buffer)
    return fail(KnownFile + ": " + Buffer.getError().message());
  return write((*Buffer)->getBuffer());
}

int runExtract() {
  SmallString<128> Here, Folder(Root);
  if (std::error_code EC = sys::fs::current_path(Here))
    return fail("the current folder: " + EC.message());
  if (Folder.empty())
    Folder = Here;
  sys::fs::make_absolute(Folder);
  sys::path::remove_dots(Folder, /*remove_dot_dot=*/true);

  std::vector<std::string> Command = AfterDashes;
  // Flags alone, or a whole command.
  if (Command.empty() || StringRef(Command.front()).starts_with("-"))
    Command.insert(Command.begin(), "clang++");
  Command.push_back(File);
  CompileUnit Unit = makeUnit(File, Here, std::move(Command), Folder);
  TidyConfig Config("");
  Expected<ExtractOptions> Options = Config.readingOf(Unit, Folder);
  if (!Options)
    return fail(toString(Options.takeError()));
  Expected<std::optional<ImportTable>> Table = readImports(Folder);
  if (!Table)
    return fail(toString(Table.takeError()));
  if (*Table)
    Options->ImportsHash = (*Table)->hash();
  // None are as if linking had found nothing.
  if (!Options->ImportsHash.empty())
    Options->Imported = &**Table;
  if (std::optional<int> Done = takeOver(Folder, Options->ImportsHash))
    return *Done;
  Extraction X = extract(Unit, *Options);
  if (!X.Error.empty())
    WithColor::error(errs(), "race-tidy") << File << ": " << X.Error << '\n';
  if (X.Json.empty())
    return Failed;
  if (int Status = write(X.Json + '\n'))
    return Status;
  return X.Error.empty() ? Clean : Failed;
}

} // namespace race

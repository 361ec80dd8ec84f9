//===- Init.cpp - race-tidy init ------------------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Init.h"
#include "Commands.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"
#include <iostream>
#include <optional>

using namespace llvm;

namespace race {

cl::SubCommand InitCommand("init", "Sets a project up: .clang-tidy, "
                                   ".race-models.yaml, pre-commit");

static cl::opt<std::string> Folder(cl::Positional, cl::desc("[folder]"),
                                   cl::init("."), cl::sub(InitCommand));
static cl::opt<std::string>
    BuildFolder("p",
                cl::desc("Folder of compile_commands.json (default: found "
                         "from the project's folder upwards)"),
                cl::value_desc("folder"), cl::sub(InitCommand),
                cl::cat(Category));
static cl::opt<bool> Yes("yes",
                         cl::desc("Change files that exist without asking"),
                         cl::sub(InitCommand), cl::cat(Category));
static cl::opt<bool> DryRun("dry-run",
                            cl::desc("Say what would be done, and do nothing"),
                            cl::sub(InitCommand), cl::cat(Category));
static cl::opt<bool>
    GitHook("git-hook",
            cl::desc("Install a plain git hook instead of an entry for the "
                     "pre-commit framework"),
            cl::sub(InitCommand), cl::cat(Category));
static cl::opt<unsigned>
    Jobs("jobs", cl::value_desc("n"),
         cl::desc("How many files are read at once (default: as many as there "
                  "are processors)"),
         cl::sub(InitCommand), cl::cat(Category));
static cl::alias JobsShort("j", cl::aliasopt(Jobs),
                           cl::desc("Alias for --jobs"), cl::cat(Category));

/// What was done to a file.
namespace {
enum class Result { Nothing, Done, Left, Failed };
} // namespace

/// Asks on the terminal. Without one, nobody can agree.
static bool agree(const FileChange &C) {
  if (Yes)
    return true;
  if (!sys::Process::StandardInIsUserInput()) {
    outs() << "  left as it is: the file exists, and there is no terminal to "
              "ask at; --yes changes it\n";
    return false;
  }
  outs() << "  change " << C.Name << "? [y/N] ";
  outs().flush();
  std::string Answer;
  std::getline(std::cin, Answer);
  if (StringRef(Answer).trim().equals_insensitive("y") ||
      StringRef(Answer).trim().equals_insensitive("yes"))
    return true;
  outs() << "  left as it is\n";
  return false;
}

static Result treat(const FileChange &C) {
  if (!C.Problem.empty()) {
    fail(C.Problem);
    return Result::Failed;
  }
  bool Nothing = C.Exists && C.Before == C.After;
  outs() << C.Name << ": " << (C.Exists ? "" : "new; ") << C.What << '\n';
  if (Nothing)
    return Result::Nothing;
  if (C.Exists || DryRun)
    outs() << (C.KeepAs.empty() ? differenceOf(C) : "");
  if (DryRun)
    return Result::Left;
  if (C.Exists && !agree(C))
    return Result::Left;
  if (Error E = apply(C)) {
    fail(toString(std::move(E)));
    return Result::Failed;
  }
  return Result::Done;
}

int runInit() {
  if (!sys::fs::is_directory(Folder))
    return fail(Folder + ": no such folder");
  InitOptions Options;
  Options.Folder = Folder;
  Options.GitHook = GitHook;
  // What cannot be done is said before the code is read, which takes a while.
  if (Expected<std::vector<FileChange>> Plan = planInit(Options); !Plan)
    return fail(toString(Plan.takeError()));
  std::string Root = projectFolderOf(Folder);
  outs() << "project: " << Root << '\n';
  bool Named = !BuildFolder.empty();
  if (!Named)
    BuildFolder = Project::findBuildFolder(Root);
  std::optional<Project> P;
  if (!BuildFolder.empty()) {
    Expected<Project> Loaded = Project::load(BuildFolder);
    if (!Loaded)
      return fail(toString(Loaded.takeError()));
    if (Named || Loaded->hasSourcesIn(Root))
      P = std::move(*Loaded);
  }
  Survey Found;
  if (P) {
    Found = surveyProject(*P, Jobs, /*Quiet=*/false, errs());
    Options.Found = &Found;
    for (const auto &[Unit, Why] : Found.Failed)
      WithColor::warning(errs(), "race-tidy") << Unit << ": " << Why << '\n';
  } else {
    outs() << "no compile_commands.json in " << Root
           << " or its build folder, so the code is not looked at and "
              ".race-models.yaml is left alone;\n  make one with cmake "
              "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON or bear and run this again, "
              "or name its folder with -p\n";
  }
  Expected<std::vector<FileChange>> Plan = planInit(Options);
  if (!Plan)
    return fail(toString(Plan.takeError()));
  bool Left = false, Wrong = false;
  for (const FileChange &C : *Plan) {
    Result R = treat(C);
    Left |= R == Result::Left;
    Wrong |= R == Result::Failed;
  }
  return Wrong ? Failed : Left && !DryRun ? HasFindings : Clean;
}

} // namespace race

//===- Init.cpp - Setting a project up for race-tidy ----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Init.h"
#include "ConfigEdit.h"
#include "GitHook.inc"
#include "race/Models/Models.h"
#include "race/Support/Failure.h"
#include "race/Support/Git.h"
#include "race/Support/Paths.h"
#include "race/Support/WriteFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace race;
namespace path = llvm::sys::path;

std::string race::projectFolderOf(StringRef Folder) {
  SmallString<128> Full(Folder);
  sys::fs::make_absolute(Full);
  path::remove_dots(Full, /*remove_dot_dot=*/true);
  for (StringRef Up = Full; !Up.empty(); Up = path::parent_path(Up)) {
    SmallString<128> Git(Up);
    path::append(Git, ".git");
    if (sys::fs::exists(Git))
      return Up.str();
    if (path::parent_path(Up) == Up)
      break;
  }
  return Full.str().str();
}

/// The file \p Name in \p Folder as it is.
static FileChange currentFile(StringRef Folder, StringRef Name) {
  FileChange C;
  SmallString<128> Path(Folder);
  path::append(Path, Name);
  C.Path = Path.str().str();
  C.Name = Name.str();
  // A link to nowhere is something, too.
  C.Exists = sys::fs::exists(C.Path) || sys::fs::is_symlink_file(C.Path);
  if (!C.Exists)
    return C;
  if (!sys::fs::is_regular_file(C.Path)) {
    C.Problem = C.Path + ": not a regular file";
    return C;
  }
  ErrorOr<std::unique_ptr<MemoryBuffer>> Text = MemoryBuffer::getFile(C.Path);
  if (!Text)
    C.Problem = C.Path + ": " + Text.getError().message();
  else
    C.Before = C.After = (*Text)->getBuffer().str();
  return C;
}

/// Sets what an edit of \p C gave.
static void take(FileChange &C, Expected<std::string> New) {
  if (New)
    C.After = std::move(*New);
  else
    C.Problem = toString(New.takeError());
}

static FileChange clangTidy(StringRef Folder) {
  FileChange C = currentFile(Folder, ".clang-tidy");
  if (C.Problem.empty() && C.Exists) {
    take(C, addRaceChecks(MemoryBufferRef(C.Before, C.Path)));
    C.What = C.Before == C.After ? "switches race-* on or off already"
                                 : "adds race-* to Checks";
  } else if (!C.Exists) {
    C.After = "Checks: 'race-*'\n";
    C.What = "switches race-* on";
    // Without this line it would hide the one that is in force now.
    for (StringRef Up = path::parent_path(Folder); !Up.empty();
         Up = path::parent_path(Up)) {
      SmallString<128> Outer(Up);
      path::append(Outer, ".clang-tidy");
      if (sys::fs::exists(Outer)) {
        C.After += "InheritParentConfig: true\n";
        C.What += (" and inherits from " + Outer).str();
        break;
      }
      if (path::parent_path(Up) == Up)
        break;
    }
  }
  return C;
}

static FileChange preCommit(StringRef Folder) {
  HookSource Hook{RACE_HOOKS_URL, "v" RACE_VERSION};
  FileChange C = currentFile(Folder, ".pre-commit-config.yaml");
  if (C.Problem.empty() && C.Exists) {
    take(C, addHook(MemoryBufferRef(C.Before, C.Path), Hook));
    C.What = C.Before == C.After ? "has a hook of race-tidy already"
                                 : "adds the hook race-tidy";
  } else if (!C.Exists) {
    C.After = preCommitConfig(Hook);
    C.What = "runs the hook race-tidy before a commit; 'pre-commit install' "
             "switches it on";
  }
  return C;
}

static std::string countOf(const Survey &Found) {
  std::string Text;
  for (auto [N, What] : {std::pair<unsigned, StringRef>(Found.Pools, "pool"),
                         {Found.Containers, "container that locks itself"},
                         {Found.Locks, "lock"},
                         {Found.Starters, "function that starts threads"},
                         {Found.Threads.size(), "thread"},
                         {Found.Callbacks.size(), "callback of an event loop"}})
    if (N)
      Text +=
          (Text.empty() ? "" : ", ") + std::to_string(N) + " x " + What.str();
  return Text.empty() ? "nothing was found to describe" : Text;
}

static FileChange models(StringRef Folder, const Survey &Found) {
  FileChange C = currentFile(Folder, ".race-models.yaml");
  if (!C.Problem.empty())
    return C;
  if (!C.Exists) {
    C.After = modelsFile(Found, path::filename(Folder));
    C.What = "describes, in comments: " + countOf(Found);
    return C;
  }
  // What cannot be read is not written behind.
  if (Error E = Models().add(MemoryBufferRef(C.Before, C.Path)))
    C.Problem = toString(std::move(E));
  else
    C.After = addToModelsFile(Found, C.Before);
  C.What = C.Before == C.After ? "speaks of all that was found"
                               : "adds comments on what was found since";
  return C;
}

static Expected<FileChange> gitHook(StringRef Folder) {
  // It knows of core.hooksPath and of work trees that share a repository.
  Expected<GitAnswer> Hooks =
      runGit(Folder, {"rev-parse", "--git-path", "hooks"});
  if (!Hooks)
    return Hooks.takeError();
  if (Hooks->Status != 0)
    return failure(Folder +
                   ": no git repository, so no git hook: " + Hooks->Complaint);
  SmallString<128> At(StringRef(Hooks->Text).trim());
  sys::fs::make_absolute(Folder, At);
  path::remove_dots(At, /*remove_dot_dot=*/true);
  FileChange C = currentFile(At, "pre-commit");
  C.Name = relativeTo(Folder, C.Path);
  C.Executable = true;
  if (!C.Problem.empty())
    return C;
  if (C.Before == GitHookText) {
    C.What = "is race-tidy's hook already";
    return C;
  }
  C.After = GitHookText;
  C.What = "runs race-tidy before a commit";
  if (path::is_absolute(C.Name))
    C.What += "; core.hooksPath says so, so in all repositories that use it";
  bool Ours = StringRef(C.Before).contains("\" hook \"$@\"");
  if (C.Exists && !Ours) {
    C.KeepAs = C.Path + ".before-race-tidy";
    if (sys::fs::exists(C.KeepAs))
      C.Problem = C.KeepAs + ": exists already, so the hook that is there now "
                             "cannot be kept; chain them by hand";
    C.What += "; the hook that is there runs first, as " +
              path::filename(C.KeepAs).str();
  }
  return C;
}

Expected<std::vector<FileChange>> race::planInit(const InitOptions &Options) {
  std::string Folder = projectFolderOf(Options.Folder);
  std::vector<FileChange> Plan;
  Plan.push_back(clangTidy(Folder));
  if (Options.Found)
    Plan.push_back(models(Folder, *Options.Found));
  if (!Options.GitHook) {
    Plan.push_back(preCommit(Folder));
    return Plan;
  }
  Expected<FileChange> Hook = gitHook(Folder);
  if (!Hook)
    return Hook.takeError();
  Plan.push_back(std::move(*Hook));
  return Plan;
}

Error race::apply(const FileChange &C) {
  auto Check = [&](std::error_code EC) {
    return EC ? failure(C.Path + ": " + EC.message()) : Error::success();
  };
  if (Error E = Check(sys::fs::create_directories(path::parent_path(C.Path))))
    return E;
  if (!C.KeepAs.empty())
    if (Error E = Check(sys::fs::rename(C.Path, C.KeepAs)))
      return E;
  // Through a link, the file that it leads to.
  SmallString<128> Target(C.Path);
  auto Mode = sys::fs::perms(C.Executable ? 0755 : 0644);
  if (C.Exists && C.KeepAs.empty()) {
    if (Error E = Check(sys::fs::real_path(C.Path, Target)))
      return E;
    if (ErrorOr<sys::fs::perms> Old = sys::fs::getPermissions(Target))
      Mode = *Old;
  }
  if (Error E = writeWholeFile(Target, C.After))
    return E;
  return Check(sys::fs::setPermissions(Target, Mode));
}

std::string race::differenceOf(const FileChange &C) {
  SmallVector<StringRef, 0> Old, New;
  StringRef(C.Before).split(Old, '\n');
  StringRef(C.After).split(New, '\n');
  while (!Old.empty() && !New.empty() && Old.back() == New.back()) {
    Old.pop_back();
    New.pop_back();
  }
  size_t Same = 0;
  while (Same < Old.size() && Same < New.size() && Old[Same] == New[Same])
    ++Same;
  std::string Text;
  for (size_t I = Same; I < Old.size(); ++I)
    Text += ("- " + Old[I].rtrim('\r') + "\n").str();
  for (size_t I = Same; I < New.size(); ++I)
    Text += ("+ " + New[I].rtrim('\r') + "\n").str();
  return Text;
}

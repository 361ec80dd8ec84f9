//===- Project.cpp - The program to look at -------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Project.h"
#include "race/Program/Index.h"
#include "race/Support/Failure.h"
#include "race/Support/Paths.h"
#include "clang/Driver/Types.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA1.h"

using namespace llvm;
using namespace race;
namespace path = llvm::sys::path;

static std::string absolutePath(StringRef Folder, StringRef File) {
  SmallString<128> Path(File);
  sys::fs::make_absolute(Folder, Path);
  path::remove_dots(Path, /*remove_dot_dot=*/true);
  return Path.str().str();
}

CompileUnit race::makeUnit(StringRef File, StringRef Directory,
                           std::vector<std::string> Command, StringRef Root) {
  CompileUnit U;
  U.Directory = Directory.str();
  U.File = absolutePath(Directory, File);
  U.Name = relativeTo(Root, U.File);
  U.Command = std::move(Command);
  SHA1 Hash;
  auto Add = [&](std::string Text) {
    // Wherever the folder stands in an argument: -I/root/include.
    for (size_t At; !Root.empty() && (At = Text.find(Root)) != Text.npos;)
      Text.replace(At, Root.size(), ".");
    Hash.update(Text);
    Hash.update(StringRef("\0", 1));
  };
  Add(U.Directory);
  for (const std::string &Arg : U.Command)
    Add(Arg);
  U.CommandHash = toHex(Hash.final(), /*LowerCase=*/true);
  return U;
}

/// The folder that holds all of \p Files.
static std::string commonFolder(ArrayRef<std::string> Files) {
  if (Files.empty())
    return "";
  StringRef Common = path::parent_path(Files.front());
  for (StringRef File : Files)
    while (!Common.empty() &&
           !(File.starts_with(Common) &&
             File.drop_front(Common.size()).starts_with("/")))
      Common =
          path::parent_path(Common) == Common ? "" : path::parent_path(Common);
  return Common.str();
}

/// The work tree that \p Folder is in; empty if it is in none.
static std::string workTreeOf(StringRef Folder) {
  for (; !Folder.empty(); Folder = path::parent_path(Folder)) {
    SmallString<128> Git(Folder);
    path::append(Git, ".git");
    if (sys::fs::exists(Git))
      return Folder.str();
    if (path::parent_path(Folder) == Folder)
      break;
  }
  return "";
}

/// A database may name some files from elsewhere: a library that is built with
/// the program, or what is not there any more. They do not make all the machine
/// the project.
static std::string projectFolder(ArrayRef<std::string> Files) {
  std::string Common = commonFolder(Files);
  if (std::string Tree = workTreeOf(Common); !Tree.empty())
    return Tree;
  StringMap<std::string> TreeOf;
  StringMap<unsigned> InTree;
  StringMap<std::vector<std::string>> Tops;
  const std::vector<std::string> *Most = nullptr;
  for (StringRef File : Files) {
    auto [It, New] = TreeOf.try_emplace(path::parent_path(File));
    if (New)
      It->second = workTreeOf(It->first());
    if (!It->second.empty() && ++InTree[It->second] * 2 > Files.size())
      return It->second;
    std::vector<std::string> &Top =
        Tops[path::relative_path(File).split('/').first];
    Top.push_back(File.str());
    if (!Most || Top.size() > Most->size())
      Most = &Top;
  }
  return Common.empty() && Most ? commonFolder(*Most) : Common;
}

/// Whether \p C is about a file in another language: an assembler's, resources.
static bool isForeign(const clang::tooling::CompileCommand &C) {
  // Whoever names the language has a file of any name.
  if (any_of(C.CommandLine,
             [](StringRef Arg) { return Arg.starts_with("-x"); }))
    return false;
  using namespace clang::driver;
  types::ID Type =
      types::lookupTypeForExtension(path::extension(C.Filename).ltrim('.'));
  return Type == types::TY_INVALID || Type == types::TY_Asm ||
         Type == types::TY_PP_Asm || !types::isAcceptedByClang(Type);
}

void Project::setRoot(StringRef Folder) {
  SmallString<128> Full(Folder);
  sys::fs::make_absolute(Full);
  path::remove_dots(Full, /*remove_dot_dot=*/true);
  Root = Full.str().str();
  for (CompileUnit &U : Units)
    U = makeUnit(U.File, U.Directory, std::move(U.Command), Root);
}

Expected<Project> Project::load(StringRef BuildFolder) {
  Project P;
  SmallString<128> Folder(BuildFolder);
  sys::fs::make_absolute(Folder);
  path::remove_dots(Folder, /*remove_dot_dot=*/true);
  P.BuildFolder = Folder.str().str();
  path::append(Folder, "compile_commands.json");
  std::string Why;
  if (!sys::fs::exists(Folder))
    return failure(Folder + ": no such file; make one with "
                            "cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON or bear, "
                            "and name its folder with -p");
  std::unique_ptr<clang::tooling::JSONCompilationDatabase> DB =
      clang::tooling::JSONCompilationDatabase::loadFromFile(
          Folder, Why, clang::tooling::JSONCommandLineSyntax::AutoDetect);
  if (!DB)
    return failure(Folder + ": " + StringRef(Why).trim());
  std::vector<clang::tooling::CompileCommand> Commands =
      DB->getAllCompileCommands();
  if (Commands.empty())
    return failure(Folder + ": there are no commands in it");
  llvm::erase_if(Commands, isForeign);
  if (Commands.empty())
    return failure(Folder + ": there are no commands for C or C++ in it");
  std::vector<std::string> Files;
  for (const auto &C : Commands)
    Files.push_back(absolutePath(C.Directory, C.Filename));
  P.Root = projectFolder(Files);
  for (auto &C : Commands)
    P.Units.push_back(
        makeUnit(C.Filename, C.Directory, std::move(C.CommandLine), P.Root));
  llvm::sort(P.Units, [](const CompileUnit &A, const CompileUnit &B) {
    return std::tie(A.Name, A.CommandHash) < std::tie(B.Name, B.CommandHash);
  });
  P.Units.erase(std::unique(P.Units.begin(), P.Units.end(),
                            [](const CompileUnit &A, const CompileUnit &B) {
                              return A.Name == B.Name &&
                                     A.CommandHash == B.CommandHash;
                            }),
                P.Units.end());
  return P;
}

bool Project::hasSourcesIn(StringRef Folder) const {
  SmallString<128> Real;
  if (sys::fs::real_path(Folder, Real))
    return false;
  return any_of(Units, [&](const CompileUnit &U) {
    SmallString<128> File;
    return !sys::fs::real_path(U.File, File) &&
           !path::is_absolute(relativeTo(Real, File));
  });
}

std::string Project::findBuildFolder(StringRef Path) {
  return path::parent_path(findInBuildFolders(Path, "compile_commands.json"))
      .str();
}

Expected<Project> Project::open(StringRef BuildFolder) {
  if (!BuildFolder.empty())
    return load(BuildFolder);
  std::string Found = findBuildFolder(".");
  if (Found.empty())
    return failure("no compile_commands.json in this folder, in its "
                   "build folder or above; name the folder that has "
                   "one with -p");
  return load(Found);
}

std::string Project::indexFile(StringRef Named) const {
  SmallString<128> File(Named);
  if (File.empty()) {
    File = BuildFolder;
    path::append(File, IndexPath);
  }
  sys::fs::make_absolute(File);
  return File.str().str();
}

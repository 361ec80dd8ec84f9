//===- Diff.cpp - The lines that a change touches -------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/Diff.h"
#include "race/Support/Failure.h"
#include "race/Support/Git.h"
#include "race/Support/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <limits>
#include <optional>

using namespace llvm;
using namespace race;

void ChangedLines::add(StringRef Name, unsigned First, unsigned Last) {
  SmallString<128> File(Name);
  sys::path::remove_dots(File, /*remove_dot_dot=*/true);
  std::vector<Range> &Ranges = Files[File];
  if (!Ranges.empty() && First <= Ranges.back().second + 1 &&
      First >= Ranges.back().first)
    Ranges.back().second = std::max(Ranges.back().second, Last);
  else
    Ranges.push_back({First, Last});
}

bool ChangedLines::contains(const Anchor &Place) const {
  auto It = Files.find(Place.File);
  return Place.isValid() && It != Files.end() &&
         any_of(It->second, [&](const Range &R) {
           return R.first <= Place.Line && Place.Line <= R.second;
         });
}

bool ChangedLines::touches(const Finding &F) const {
  auto Changed = [&](const auto &Part) { return contains(Part.Place); };
  return contains(F.Place) || any_of(F.Notes, Changed) ||
         any_of(F.Interleaving, Changed);
}

//===----------------------------------------------------------------------===//
// Unified diffs
//===----------------------------------------------------------------------===//

/// What git writes between quotes if a name has unusual bytes in it.
static std::string unquote(StringRef Quoted) {
  std::string Name;
  while (!Quoted.empty() && Quoted.front() != '"') {
    char C = Quoted.front();
    Quoted = Quoted.drop_front();
    if (C != '\\' || Quoted.empty()) {
      Name += C;
      continue;
    }
    unsigned Octal;
    if (isDigit(Quoted.front()) &&
        !Quoted.take_front(3).getAsInteger(8, Octal)) {
      Name += static_cast<char>(Octal);
      Quoted = Quoted.drop_front(3);
      continue;
    }
    C = Quoted.front();
    Quoted = Quoted.drop_front();
    Name += C == 't' ? '\t' : C == 'n' ? '\n' : C == 'r' ? '\r' : C;
  }
  return Name;
}

/// The name behind "+++ ", without the prefix that diffs give it; empty for a
/// file that is gone.
static std::string nameOf(StringRef Text) {
  std::string Name;
  if (Text.consume_front("\""))
    Name = unquote(Text);
  else // GNU diff puts the time behind a tab.
    Name = Text.split('\t').first.rtrim("\r\n").str();
  if (Name == "/dev/null")
    return "";
  StringRef Rest = Name;
  // git's prefixes: a/ and b/, or i/ w/ c/ o/ with diff.mnemonicPrefix.
  if (Rest.size() > 2 && Rest[1] == '/' &&
      StringRef("abciow").contains(Rest[0]))
    Rest = Rest.drop_front(2);
  return Rest.str();
}

/// "12,3" of a hunk's header; the count is one if it is not there.
static bool parseRange(StringRef Text, unsigned &First, unsigned &Count) {
  auto [Line, Lines] = Text.split(',');
  Count = 1;
  return !Line.getAsInteger(10, First) &&
         (Lines.empty() || !Lines.getAsInteger(10, Count));
}

Expected<ChangedLines> ChangedLines::parse(StringRef Diff, StringRef Folder,
                                           StringRef Source) {
  ChangedLines Result;
  std::string File;
  bool Any = false;
  // What the hunk at hand still has of old and new lines, and the number of the
  // next new one.
  unsigned Old = 0, New = 0, Line = 0, Number = 0;
  // Behind which new line something was taken away that nothing came in for.
  std::optional<unsigned> Gap;
  auto CloseGap = [&] {
    if (Gap && !File.empty())
      Result.add(File, std::max(*Gap, 1u), *Gap + 1);
    Gap.reset();
  };
  while (!Diff.empty()) {
    auto [Text, Rest] = Diff.split('\n');
    Diff = Rest;
    ++Number;
    auto Wrong = [&](const Twine &Why) {
      return failure(Source + ":" + Twine(Number) + ": " + Why);
    };
    if (Old || New) {
      char Kind = Text.empty() ? ' ' : Text.front();
      if (Kind == '+' && New) {
        if (!File.empty())
          Result.add(File, Line, Line);
        Gap.reset();
        --New, ++Line;
      } else if (Kind == '-' && Old) {
        // Lines that replace others come behind them.
        Gap = Line - 1;
        --Old;
      } else if ((Kind == ' ' || Kind == '\r') && Old && New) {
        CloseGap();
        --Old, --New, ++Line;
      } else if (Kind != '\\') {
        return Wrong("not a line of a unified diff");
      }
      if (!Old && !New)
        CloseGap();
      continue;
    }
    if (Text.starts_with("@@@"))
      return Wrong("this is the diff of a merge; compare two versions");
    if (Text.starts_with("Binary files ") || Text.starts_with("diff "))
      Any = true;
    if (Text.consume_front("+++ ")) {
      std::string Name = nameOf(Text);
      File = Name.empty() ? "" : absoluteFrom(Folder, Name);
      Any = true;
    } else if (Text.consume_front("@@ -")) {
      auto [Before, Behind] = Text.split(" +");
      unsigned OldLine;
      if (!Any || !parseRange(Before, OldLine, Old) ||
          !parseRange(Behind.split(" @@").first, Line, New))
        return Wrong("not the header of a hunk");
      // Git names the line before, where there is none.
      if (New == 0)
        ++Line;
    }
  }
  if (Old || New)
    return failure(Source + ":" + Twine(Number) + ": the diff ends in a hunk");
  if (!Any && Number)
    return failure(Source + ": not a unified diff");
  return std::move(Result);
}

//===----------------------------------------------------------------------===//
// git
//===----------------------------------------------------------------------===//

/// Asks git in \p Folder; its complaints are dropped.
static Expected<GitAnswer> git(StringRef Folder,
                               ArrayRef<StringRef> Arguments) {
  Expected<GitAnswer> A = runGit(Folder, Arguments);
  if (!A)
    return failure(
        "--diff: " + toString(A.takeError()) +
        "; a file with a unified diff, or '-' for stdin, needs none");
  return A;
}

/// The work tree that \p Root lies in, in the spelling of \p Root, so that
/// names stay those that the compilation database leads to; empty if there is
/// none.
static Expected<std::string> workTree(StringRef Root) {
  Expected<GitAnswer> A = git(Root, {"rev-parse", "--show-cdup"});
  if (!A)
    return A.takeError();
  if (A->Status != 0) {
    // Such as that the files are another user's, which git is wary of.
    if (!StringRef(A->Complaint).contains("not a git repository"))
      return failure("--diff: " + A->Complaint);
    return std::string();
  }
  StringRef Up = StringRef(A->Text).rtrim('\n');
  return Up.empty() ? Root.str() : absoluteFrom(Root, Up);
}

/// The commit that \p Ref names, or the last one that it has in common with
/// what is checked out; empty if git knows none.
static Expected<std::string> commitOf(StringRef Ref, StringRef Root) {
  std::string Name = (Ref + "^{commit}").str();
  Expected<GitAnswer> A =
      git(Root, {"rev-parse", "--verify", "--quiet", "--end-of-options", Name});
  if (!A)
    return A.takeError();
  if (A->Status != 0)
    return std::string();
  std::string Commit = StringRef(A->Text).trim().str();
  // A clone of little depth may not have it.
  Expected<GitAnswer> Base = git(Root, {"merge-base", Commit, "HEAD"});
  if (!Base)
    return Base.takeError();
  return Base->Status == 0 ? StringRef(Base->Text).trim().str() : Commit;
}

Expected<ChangedLines> ChangedLines::since(StringRef Commit, StringRef Tree) {
  // Whatever the user's configuration makes of diffs.
  Expected<GitAnswer> A =
      git(Tree, {"-c", "core.quotePath=false", "diff", "--no-color",
                 "--no-ext-diff", "--no-textconv", "--ignore-submodules",
                 "--unified=0", "--find-renames", "--src-prefix=a/",
                 "--dst-prefix=b/", Commit, "--"});
  if (!A)
    return A.takeError();
  if (A->Status != 0)
    return failure("--diff: " + A->Complaint);
  Expected<ChangedLines> Result = parse(A->Text, Tree, "git diff");
  if (!Result)
    return Result;
  Expected<GitAnswer> New =
      git(Tree, {"ls-files", "--others", "--exclude-standard", "-z"});
  if (!New)
    return New.takeError();
  SmallVector<StringRef, 16> Names;
  StringRef(New->Text).split(Names, '\0', -1, /*KeepEmpty=*/false);
  for (StringRef Name : Names)
    Result->add(absoluteFrom(Tree, Name), 1,
                std::numeric_limits<unsigned>::max());
  return Result;
}

Expected<ChangedLines> ChangedLines::of(StringRef What, StringRef Root) {
  bool IsFile = What == "-" || sys::fs::is_regular_file(What);
  std::string Tree, Commit;
  if (Expected<std::string> T = workTree(Root))
    Tree = *T;
  else if (IsFile) // which needs no git
    consumeError(T.takeError());
  else
    return T.takeError();
  if (!Tree.empty() && What != "-") {
    Expected<std::string> C = commitOf(What, Root);
    if (!C)
      return C.takeError();
    Commit = *C;
  }
  if (!Commit.empty())
    return since(Commit, Tree);
  if (!IsFile)
    return failure("--diff=" + What + ": " +
                   (Tree.empty() ? Root + " is not in a work tree of git"
                                 : "git knows no such commit in " + Root) +
                   ", and there is no file of that name");
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFileOrSTDIN(What, /*IsText=*/true);
  if (!Buffer)
    return failure("--diff=" + What + ": " + Buffer.getError().message());
  return parse((*Buffer)->getBuffer(), Tree.empty() ? Root : StringRef(Tree),
               What == "-" ? "stdin" : What);
}

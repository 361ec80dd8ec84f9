//===- Explain.cpp - One finding, in full ---------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/Explain.h"
#include "Layout.h"
#include "race/Report/Fingerprint.h"
#include "race/Report/Rules.h"
#include "race/Support/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include <algorithm>

using namespace llvm;
using namespace race;

namespace {

class Explainer {
public:
  Explainer(const Report::Item &I, StringRef Project, SourceLines &Sources,
            unsigned Width, raw_ostream &OS)
      : F(I.What), State(I.State), Project(Project), Sources(Sources),
        Width(std::clamp(Width, 60u, 120u)), OS(OS) {}

  void run();

private:
  void heading(StringRef Text);
  void field(StringRef Name, const Twine &Text);
  /// Wraps \p Text behind \p Indent; the lines after the first are indented as
  /// far as \p Lead reaches.
  void paragraph(StringRef Lead, StringRef Text);
  void place(const Anchor &Where, StringRef Text);
  void ways();
  void turns();
  void fix();
  void silence();
  std::string show(const Anchor &A, bool Column = false) const {
    return relativeTo(Project, A.File) + ":" + std::to_string(A.Line) +
           (Column ? ":" + std::to_string(A.Column) : "");
  }
  std::string titleOf(unsigned Thread) const {
    std::string Title = "thread " + std::to_string(Thread);
    if (Thread && Thread <= F.Threads.size())
      Title += ": " + F.Threads[Thread - 1];
    return Title;
  }
  unsigned threads() const {
    unsigned N = 0;
    for (const InterleavingStep &S : F.Interleaving)
      N = std::max(N, S.Thread);
    return N;
  }

  const Finding &F;
  FindingState State;
  StringRef Project;
  SourceLines &Sources;
  unsigned Width;
  raw_ostream &OS;
};

} // namespace

void Explainer::heading(StringRef Text) {
  OS << '\n';
  if (OS.has_colors())
    OS.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
  OS << Text;
  if (OS.has_colors())
    OS.resetColor();
  OS << '\n';
}

void Explainer::field(StringRef Name, const Twine &Text) {
  OS << "  " << left_justify(Name, 12) << ' ' << Text << '\n';
}

void Explainer::paragraph(StringRef Lead, StringRef Text) {
  std::string Indent(Lead.size(), ' ');
  for (const std::string &Line : wrap(Text, Width - Lead.size())) {
    OS << Lead << Line << '\n';
    Lead = Indent;
  }
}

void Explainer::place(const Anchor &Where, StringRef Text) {
  paragraph("  ", (Where.isValid() ? show(Where, true) + ": " : "") +
                      printable(Text));
  std::string Line = printable(Sources.line(Where.File, Where.Line));
  if (!Where.isValid() || Line.empty())
    return;
  OS << format("  %6u | ", Where.Line) << Line << "\n         | ";
  for (char C : StringRef(Line).take_front(Where.Column ? Where.Column - 1 : 0))
    OS << (C == '\t' ? '\t' : ' ');
  OS << "^\n";
}

/// How the threads come to where it happens.
void Explainer::ways() {
  if (none_of(F.Interleaving,
              [](const InterleavingStep &S) { return S.Before; }))
    return;
  heading("How the threads get there");
  for (unsigned T = 1; T <= threads(); ++T) {
    paragraph("  ", titleOf(T));
    bool Any = false;
    for (const InterleavingStep &S : F.Interleaving)
      if (S.Thread == T && S.Before) {
        Any = true;
        paragraph("    ", (S.Place.isValid() ? show(S.Place) + "  " : "") +
                              printable(S.Text));
      }
    if (!Any)
      OS << "    (from outside of what is seen here)\n";
  }
}

/// The steps, a column for each thread; a mark on the left shows the window.
void Explainer::turns() {
  unsigned N = threads();
  if (N == 0)
    return;
  heading(isOverlap(F)
              ? "How it goes wrong: both at the same time"
              : "How it goes wrong: time runs downward, | is the window");
  unsigned Column = (Width - 8) / N;
  unsigned Room = Column - 3;
  auto Rows = [&](ArrayRef<std::vector<std::string>> Cells, StringRef Lead,
                  StringRef Mark) {
    size_t Height = 0;
    for (const auto &C : Cells)
      Height = std::max(Height, C.size());
    for (size_t R = 0; R < Height; ++R) {
      std::string Line = ("  " + Mark + " " + (R ? "   " : Lead) + " ").str();
      for (const auto &C : Cells) {
        std::string Cell = R < C.size() ? C[R] : "";
        Line += Cell;
        if (&C != &Cells.back())
          Line.append(Column - std::min(Column, characters(Cell)), ' ');
      }
      OS << StringRef(Line).rtrim() << '\n';
    }
  };
  std::vector<std::vector<std::string>> Cells;
  for (unsigned T = 1; T <= N; ++T) {
    Cells.push_back(wrap(printable(titleOf(T)), Room));
    Cells.back().push_back(std::string(Room, '-'));
  }
  Rows(Cells, "   ", " ");
  bool Overlap = isOverlap(F);
  unsigned Number = 0;
  size_t Last = F.Interleaving.size() - 1;
  for (size_t I = 0; I <= Last; ++I) {
    const InterleavingStep &S = F.Interleaving[I];
    if (S.Before)
      continue;
    std::string Lead = std::to_string(++Number) + " ";
    Lead.insert(0, 3 - std::min<size_t>(3, Lead.size()), ' ');
    std::vector<std::vector<std::string>> Step(N);
    auto Fill = [&](const InterleavingStep &X) {
      auto &Cell = Step[X.Thread - 1];
      Cell = wrap(printable(X.Text), Room);
      if (std::string Locks = holding(X); !Locks.empty())
        for (std::string &L : wrap(printable(Locks), Room - 2))
          Cell.push_back("  " + L);
      if (X.Place.isValid())
        for (std::string &L : wrap(show(X.Place), Room - 2))
          Cell.push_back("  " + L);
    };
    Fill(S);
    if (Overlap && I + 1 == Last) {
      Fill(F.Interleaving[++I]);
      Lead = "   ";
    }
    bool Edge = !Overlap && (Number == 1 || I == Last);
    Rows(Step, Lead, Edge ? " " : "|");
  }
}

void Explainer::fix() {
  heading("How to fix it");
  unsigned N = 0;
  for (StringRef Text : ruleOf(F.Check).Fixes)
    paragraph("  " + std::to_string(++N) + ". ", Text);
  std::vector<FixHunk> Hunks = fixHunks(F, Sources);
  if (Hunks.empty())
    return;
  OS << "\n  This change is ready; clang-tidy --fix makes it:\n";
  for (const FixHunk &H : Hunks) {
    OS << "  " << relativeTo(Project, H.File) << ':' << H.FirstLine << '\n';
    for (const std::string &L : H.Old)
      OS << "    - " << printable(L) << '\n';
    for (const std::string &L : H.New)
      OS << "    + " << printable(L) << '\n';
  }
}

void Explainer::silence() {
  heading("How to silence it");
  paragraph("  ", "At " + show(F.Place) + ", with the reason: // NOLINT(" +
                      F.Check + "): why it is fine");
  if (!ruleOf(F.Check).IfWrong.empty())
    paragraph("  ", ruleOf(F.Check).IfWrong);
  paragraph("  ", "For now, with all that is known: --baseline and "
                  "--write-baseline.");
}

void Explainer::run() {
  const Rule &R = ruleOf(F.Check);
  if (OS.has_colors())
    OS.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
  paragraph("", show(F.Place, true) + ": " + printable(F.Message) + " [" +
                    F.Check + "]");
  if (OS.has_colors())
    OS.resetColor();
  OS << '\n';
  field("fingerprint", F.Fingerprint);
  if (!F.Scope.empty())
    field(F.Check == "race-stale-thread-comment" ? "about" : "in", F.Scope);
  field("evidence", toString(F.Why) + ": " + describe(F.Why));
  if (State != FindingState::New)
    field("state", State == FindingState::Known
                       ? "in the baseline"
                       : "silenced by a NOLINT comment");
  if (!R.Full.empty()) {
    OS << '\n';
    paragraph("  ", R.Full);
  }
  heading("What was seen");
  place(F.Place, F.Message);
  for (const FindingNote &N : F.Notes)
    place(N.Place, N.Text);
  ways();
  turns();
  fix();
  silence();
  if (!R.Id.empty())
    OS << "\n" << R.uri() << '\n';
}

void race::explain(const Report::Item &I, StringRef Project,
                   SourceLines &Sources, unsigned Width, raw_ostream &OS) {
  Explainer(I, Project, Sources, Width, OS).run();
}

//===----------------------------------------------------------------------===//
// Which one
//===----------------------------------------------------------------------===//

std::vector<const Report::Item *> race::select(const Report &R,
                                               StringRef What) {
  std::vector<const Report::Item *> Own, Noted;
  if (looksLikeFingerprint(What))
    for (const Report::Item &I : R.Items)
      if (StringRef(I.What.Fingerprint).starts_with_insensitive(What))
        Own.push_back(&I);
  if (!Own.empty())
    return Own;

  // "file:line:column", as diagnostics write it, is its line.
  StringRef Name = What;
  unsigned Line = 0;
  for (StringRef Rest = What; Rest.contains(':');) {
    auto [Front, Number] = Rest.rsplit(':');
    unsigned N;
    if (Number.getAsInteger(10, N))
      break;
    Name = Rest = Front;
    Line = N;
  }
  SmallString<128> Here(Name), There(absoluteFrom(R.Root, Name));
  sys::fs::make_absolute(Here);
  sys::path::remove_dots(Here, /*remove_dot_dot=*/true);
  sys::path::remove_dots(There, /*remove_dot_dot=*/true);
  auto IsMeant = [&](const Anchor &A) {
    return A.isValid() && (Line == 0 || A.Line == Line) &&
           (A.File == Here || A.File == There);
  };
  auto PartIsMeant = [&](const auto &Part) { return IsMeant(Part.Place); };
  for (const Report::Item &I : R.Items)
    if (IsMeant(I.What.Place))
      Own.push_back(&I);
    else if (any_of(I.What.Notes, PartIsMeant) ||
             any_of(I.What.Interleaving, PartIsMeant))
      Noted.push_back(&I);
  return Own.empty() ? Noted : Own;
}

//===- Html.cpp - Findings as one HTML file -------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Html.h"
#include "Layout.h"
#include "race/Report/Report.h"
#include "race/Report/Rules.h"
#include "race/Support/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <map>
#include <set>

using namespace llvm;
using namespace race;

std::string race::escaped(StringRef Text) {
  std::string Result;
  raw_string_ostream OS(Result);
  printHTMLEscaped(printable(Text), OS);
  return Result;
}

namespace {

constexpr unsigned WideDrawing = 840, NarrowDrawing = 320;
/// Lines of source around those that are marked.
constexpr unsigned Context = 2;

class HtmlWriter {
public:
  HtmlWriter(const Report &R, SourceLines &Sources, raw_ostream &OS)
      : R(R), Sources(Sources), OS(OS) {}

  void write();

private:
  using Items = std::vector<const Report::Item *>;

  void head();
  void overview();
  void table(StringRef Title,
             const std::vector<std::pair<std::string, unsigned>> &Rows);
  void picker();
  void problems();
  void list(const Items &All);
  void article(const Report::Item &I);
  void meta(const Report::Item &I);
  void drawing(const Finding &F);
  void excerpts(const Finding &F);
  void excerpt(const Finding &F, StringRef File);
  void row(const Finding &F, StringRef File, unsigned Line, bool Hit);
  void remedies(const Finding &F);
  void gone();
  /// A message, with what it quotes as code.
  std::string message(StringRef Text) const;
  std::string show(const Anchor &A) const {
    return escaped(relativeTo(R.Root, A.File)) + ":" + std::to_string(A.Line);
  }
  Items itemsOf(FindingState State) const {
    Items Found;
    for (const Report::Item &I : R.Items)
      if (I.State == State)
        Found.push_back(&I);
    return Found;
  }
  static std::string titleOf(StringRef Check) {
    StringRef Title = ruleOf(Check).Title;
    return Title.empty() ? Check.str() : Title.str();
  }
  static const char *classOf(FindingState State) {
    return State == FindingState::New     ? "new"
           : State == FindingState::Known ? "known"
                                          : "silenced";
  }

  const Report &R;
  SourceLines &Sources;
  raw_ostream &OS;
};

} // namespace

std::string HtmlWriter::message(StringRef Text) const {
  std::string Result;
  forEachPart(Text, [&](StringRef Part, bool Quoted) {
    Result += Quoted ? "<code>" + escaped(Part) + "</code>" : escaped(Part);
  });
  return Result;
}

void HtmlWriter::head() {
  std::string Project = escaped(sys::path::filename(R.Root));
  // The policy lets nothing run or load, should anything have come through.
  OS << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
        "charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data:\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n<title>race-tidy: "
     << Project << "</title>\n<style>" << htmlStyle() << "</style>\n</head>\n"
     << "<body>\n<svg width=\"0\" height=\"0\" aria-hidden=\"true\" "
        "style=\"position:absolute\"><defs><marker id=\"arrow\" "
        "viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
        "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/>"
        "</marker></defs></svg>\n"
     << "<header>\n<h1>Race-prone patterns in " << Project << "</h1>\n";
}

void HtmlWriter::table(
    StringRef Title,
    const std::vector<std::pair<std::string, unsigned>> &Rows) {
  OS << "<section><h2>" << Title << "</h2><ul>\n";
  for (const auto &[Name, Count] : Rows)
    OS << "<li><span>" << Name << "</span><b>" << Count << "</b></li>\n";
  OS << "</ul></section>\n";
}

/// How many there are: by check, by file, by evidence.
void HtmlWriter::overview() {
  Items New = itemsOf(FindingState::New);
  unsigned Known = R.count(FindingState::Known),
           Silenced = R.count(FindingState::Silenced);
  OS << "<p class=\"dim\">";
  if (New.empty())
    OS << (R.HasBaseline ? "No new findings" : "No findings");
  else
    OS << New.size() << (R.HasBaseline ? " new" : "") << " finding"
       << (New.size() == 1 ? "" : "s");
  if (Known)
    OS << ", " << Known << " in the baseline";
  if (Silenced)
    OS << ", " << Silenced << " silenced in the source";
  OS << ". race-tidy " << escaped(R.Version) << ".</p>\n";
  if (New.empty())
    return;
  std::map<std::string, unsigned> Checks, Files;
  std::map<std::string, std::string> FirstOf;
  std::map<Evidence, unsigned> Grades;
  for (const Report::Item *I : New) {
    ++Checks[I->What.Check];
    std::string File = relativeTo(R.Root, I->What.Place.File);
    ++Files[File];
    FirstOf.try_emplace(File, I->What.Fingerprint);
    ++Grades[I->What.Why];
  }
  std::vector<std::pair<std::string, unsigned>> ByCheck, ByFile, ByEvidence;
  for (const auto &[Check, Count] : Checks)
    ByCheck.push_back({"<a href=\"#" + escaped(Check) + "\">" +
                           escaped(titleOf(Check)) + "</a>",
                       Count});
  for (const auto &[File, Count] : Files)
    ByFile.push_back({"<a href=\"#" + FirstOf[File] + "\"><code>" +
                          escaped(File) + "</code></a>",
                      Count});
  for (const auto &[Grade, Count] : llvm::reverse(Grades))
    ByEvidence.push_back({toString(Grade).str() + " <span class=\"dim\">" +
                              describe(Grade).str() + "</span>",
                          Count});
  OS << "<div class=\"tables\">\n";
  table("By check", ByCheck);
  table("By file", ByFile);
  table("By evidence", ByEvidence);
  OS << "</div>\n";
}

/// Buttons that leave only some of the findings, by style alone.
void HtmlWriter::picker() {
  std::set<std::string> Checks;
  std::set<Evidence> Grades;
  for (const Report::Item &I : R.Items) {
    Checks.insert(I.What.Check);
    Grades.insert(I.What.Why);
  }
  auto Pick = [&](StringRef Group, StringRef Name, StringRef Label) {
    std::string Id = ("p-" + Group + "-" + Name).str();
    OS << "<input type=\"radio\" name=\"" << Group << "\" id=\"" << Id << "\""
       << (Name == "all" ? " checked" : "") << "><label for=\"" << Id << "\">"
       << Label << "</label>\n";
  };
  std::string Rules;
  auto Rule = [&](StringRef Group, StringRef Name) {
    std::string Id = ("p-" + Group + "-" + Name).str();
    std::string Class = (Group + "-" + Name).str();
    Rules += "body:has(#" + Id + ":checked) article:not(." + Class +
             "){display:none}\nbody:has(#" + Id +
             ":checked) h3:not(:has(~article." + Class + ")),\nbody:has(#" +
             Id + ":checked) main section:not(:has(article." + Class +
             ")){display:none}\n";
  };
  auto Group =
      [&](StringRef Name, StringRef Title,
          const std::vector<std::pair<std::string, std::string>> &All) {
        if (All.size() < 2)
          return;
        OS << "<div class=\"pick\" role=\"group\" aria-label=\"" << Title
           << "\"><span class=\"dim\">" << Title << "</span>\n";
        Pick(Name, "all", "all");
        for (const auto &[Value, Label] : All) {
          Pick(Name, Value, Label);
          Rule(Name, Value);
        }
        OS << "</div>\n";
      };
  std::vector<std::pair<std::string, std::string>> ByCheck, ByEvidence;
  for (const std::string &C : Checks)
    ByCheck.push_back({escaped(C), escaped(titleOf(C))});
  for (Evidence E : llvm::reverse(Grades))
    ByEvidence.push_back({toString(E).str(), toString(E).str()});
  Group("check", "Show", ByCheck);
  Group("evidence", "Evidence", ByEvidence);
  OS << "<style>" << Rules << "</style>\n";
}

void HtmlWriter::problems() {
  if (R.Failed.empty())
    return;
  OS << "<div class=\"warn\"><b>Not all could be read.</b> What is in these "
        "files may be missing:<ul>\n";
  for (const auto &[File, Why] : R.Failed)
    OS << "<li><code>" << escaped(File) << "</code>: " << escaped(Why)
       << "</li>\n";
  OS << "</ul></div>\n";
}

void HtmlWriter::meta(const Report::Item &I) {
  const Finding &F = I.What;
  OS << "<div class=\"meta\">";
  if (I.State != FindingState::New)
    OS << "<span class=\"pill st\">"
       << (I.State == FindingState::Known ? "in the baseline"
                                          : "silenced in the source")
       << "</span>";
  else if (R.HasBaseline)
    OS << "<span class=\"pill st\">new</span>";
  OS << "<span class=\"pill\" title=\"" << describe(F.Why) << "\">"
     << toString(F.Why) << "</span><code>" << show(F.Place) << "</code>";
  if (!F.Scope.empty())
    OS << "<span>"
       << (F.Check == "race-stale-thread-comment" ? "about " : "in ")
       << "<code>" << escaped(F.Scope) << "</code></span>";
  OS << "</div>\n";
}

void HtmlWriter::drawing(const Finding &F) {
  if (F.Interleaving.empty())
    return;
  OS << "<h5>How it goes wrong</h5>\n<figure>\n";
  drawInterleaving(F, WideDrawing, R.Root, "wide", OS);
  drawInterleaving(F, NarrowDrawing, R.Root, "narrow", OS);
  bool Locks = any_of(F.Interleaving, [](const InterleavingStep &S) {
    return !S.Locks.empty();
  });
  OS << "<figcaption class=\"key\"><span>time runs downward</span><span><i "
        "class=\"kw\"></i>"
     << (isOverlap(F) ? "both can be there at once"
                      : "others can get in between")
     << "</span>";
  if (Locks)
    OS << "<span><i class=\"kb\"></i>a lock is held</span>";
  OS << "</figcaption>\n</figure>\n";
}

/// A line of source, with its number; what findings speak of is marked.
void HtmlWriter::row(const Finding &F, StringRef File, unsigned Line,
                     bool Hit) {
  StringRef Text = Sources.line(File, Line);
  OS << "<div class=\"row" << (Hit ? " hit" : "") << "\"><b>" << Line
     << "</b><code>";
  // Behind each other: a place may be named more than once.
  std::set<size_t> Marks;
  auto Mark = [&](const Anchor &A) {
    if (A.isValid() && A.File == File && A.Line == Line && A.Column &&
        A.Column <= Text.size())
      Marks.insert(A.Column - 1);
  };
  Mark(F.Place);
  for (const FindingNote &N : F.Notes)
    Mark(N.Place);
  for (const InterleavingStep &S : F.Interleaving)
    Mark(S.Place);
  size_t Done = 0;
  for (size_t At : Marks) {
    if (At < Done)
      continue;
    size_t Length =
        Text.substr(At)
            .take_while([](char C) { return isAlnum(C) || C == '_'; })
            .size();
    // All of a letter that takes several bytes.
    if (Length == 0)
      for (Length = 1;
           At + Length < Text.size() &&
           (static_cast<unsigned char>(Text[At + Length]) & 0xC0) == 0x80;
           ++Length)
        ;
    OS << escaped(Text.slice(Done, At)) << "<mark>"
       << escaped(Text.substr(At, Length)) << "</mark>";
    Done = At + Length;
  }
  OS << escaped(Text.substr(Done)) << "</code>";
  std::string Steps;
  unsigned Number = 0;
  for (const InterleavingStep &S : F.Interleaving) {
    Number += !S.Before;
    if (!S.Before && S.Place.isValid() && S.Place.File == File &&
        S.Place.Line == Line)
      Steps += "<i class=\"t" +
               std::to_string((S.Thread - 1) % ThreadColors + 1) +
               "\" title=\"thread " + std::to_string(S.Thread) + ": " +
               escaped(S.Text) + "\">" + std::to_string(Number) + "</i>";
  }
  if (!Steps.empty())
    OS << "<span class=\"steps\">" << Steps << "</span>";
  OS << "</div>\n";
}

/// The marked lines of \p File and those around them.
void HtmlWriter::excerpt(const Finding &F, StringRef File) {
  std::map<unsigned, std::vector<std::pair<bool, StringRef>>> Said;
  auto Say = [&](const Anchor &A, bool Main, StringRef Text) {
    if (A.isValid() && A.File == File) {
      auto &At = Said[A.Line];
      if (!Text.empty())
        At.push_back({Main, Text});
    }
  };
  Say(F.Place, true, F.Message);
  for (const FindingNote &N : F.Notes)
    Say(N.Place, false, N.Text);
  for (const InterleavingStep &S : F.Interleaving)
    Say(S.Place, false, "");
  unsigned Count = Sources.count(File);
  OS << "<div class=\"file\"><code>" << escaped(relativeTo(R.Root, File))
     << "</code>" << (Count ? "" : " cannot be read now")
     << "</div>\n<div class=\"src\">\n";
  unsigned Done = 0;
  for (auto It = Said.begin(); It != Said.end(); ++It) {
    unsigned Line = It->first;
    unsigned From = std::max(Done + 1, Line > Context ? Line - Context : 1);
    if (Done && From > Done + 1)
      OS << "<div class=\"skip\">&#8942;</div>\n";
    for (unsigned L = From; L < Line && L <= Count; ++L)
      row(F, File, L, false);
    row(F, File, Line, true);
    for (const auto &[Main, Text] : It->second)
      OS << "<div class=\"say" << (Main ? " main" : "") << "\">"
         << message(Text) << "</div>\n";
    Done = Line;
    auto Next = std::next(It);
    unsigned To = Line + Context;
    if (Next != Said.end())
      To = std::min(To, Next->first - 1);
    for (unsigned L = Line + 1; L <= To && L <= Count; ++L, ++Done)
      row(F, File, L, false);
  }
  OS << "</div>\n";
}

void HtmlWriter::excerpts(const Finding &F) {
  std::vector<std::string> Files;
  auto Add = [&](const Anchor &A) {
    if (A.isValid() && !is_contained(Files, A.File))
      Files.push_back(A.File);
  };
  Add(F.Place);
  for (const FindingNote &N : F.Notes)
    Add(N.Place);
  for (const InterleavingStep &S : F.Interleaving)
    Add(S.Place);
  OS << "<h5>Where</h5>\n";
  for (const std::string &File : Files)
    excerpt(F, File);
}

void HtmlWriter::remedies(const Finding &F) {
  const Rule &Rule = ruleOf(F.Check);
  OS << "<details><summary>How to fix it, how to silence it</summary>\n";
  if (!Rule.Fixes.empty()) {
    OS << "<ol>\n";
    for (StringRef Text : Rule.Fixes)
      OS << "<li>" << escaped(Text) << "</li>\n";
    OS << "</ol>\n";
  }
  std::vector<FixHunk> Hunks = fixHunks(F, Sources);
  if (!Hunks.empty())
    OS << "<p>This change is ready; <code>clang-tidy --fix</code> makes "
          "it:</p>\n";
  for (const FixHunk &H : Hunks) {
    OS << "<div class=\"file\"><code>" << escaped(relativeTo(R.Root, H.File))
       << ":" << H.FirstLine << "</code></div>\n<div class=\"diff\">\n";
    for (const std::string &L : H.Old)
      OS << "<div class=\"row del\"><b>&#8722;</b><code>" << escaped(L)
         << "</code></div>\n";
    for (const std::string &L : H.New)
      OS << "<div class=\"row add\"><b>+</b><code>" << escaped(L)
         << "</code></div>\n";
    OS << "</div>\n";
  }
  OS << "<p>If it is fine here, say why at <code>" << show(F.Place)
     << "</code>:</p>\n<code class=\"cmd\">// NOLINT(" << escaped(F.Check)
     << "): why it is fine</code>\n<p>" << escaped(Rule.IfWrong)
     << "</p>\n<p>The same in a terminal:</p>\n<code class=\"cmd\">race-tidy "
        "explain "
     << F.Fingerprint << "</code>\n";
  if (!Rule.Id.empty())
    OS << "<p><a href=\"" << Rule.uri() << "\" rel=\"noreferrer\">More about "
       << Rule.Id << "</a></p>\n";
  OS << "</details>\n";
}

void HtmlWriter::article(const Report::Item &I) {
  const Finding &F = I.What;
  OS << "<article id=\"" << escaped(F.Fingerprint) << "\" class=\""
     << classOf(I.State) << " check-" << escaped(F.Check) << " evidence-"
     << toString(F.Why) << "\">\n<h4>" << message(F.Message) << "</h4>\n";
  meta(I);
  drawing(F);
  excerpts(F);
  remedies(F);
  OS << "</article>\n";
}

/// Findings by check, and within that by file.
void HtmlWriter::list(const Items &All) {
  std::map<std::string, Items> ByCheck;
  for (const Report::Item *I : All)
    ByCheck[I->What.Check].push_back(I);
  for (const auto &[Check, Found] : ByCheck) {
    bool First = Found.front()->State == FindingState::New;
    OS << "<section>\n<h2" << (First ? " id=\"" + escaped(Check) + "\"" : "")
       << ">" << escaped(titleOf(Check)) << " <code class=\"dim\">"
       << escaped(Check) << "</code></h2>\n<p class=\"dim\">"
       << escaped(ruleOf(Check).Full) << "</p>\n";
    StringRef File;
    for (const Report::Item *I : Found) {
      if (File != I->What.Place.File) {
        if (!File.empty())
          OS << "</div>\n";
        File = I->What.Place.File;
        OS << "<div>\n<h3><code>" << escaped(relativeTo(R.Root, File))
           << "</code></h3>\n";
      }
      article(*I);
    }
    OS << "</div>\n</section>\n";
  }
}

void HtmlWriter::gone() {
  if (R.Gone.empty())
    return;
  OS << "<details class=\"all\"><summary>" << R.Gone.size()
     << " of the baseline not found any more</summary>\n<ul>\n";
  for (const Baseline::Entry &E : R.Gone)
    OS << "<li><code>" << escaped(E.File) << "</code>: " << message(E.Message)
       << " <span class=\"dim\">" << escaped(E.Check) << ", "
       << escaped(E.Fingerprint) << "</span></li>\n";
  OS << "</ul>\n</details>\n";
}

void HtmlWriter::write() {
  head();
  overview();
  problems();
  OS << "</header>\n<main>\n";
  picker();
  list(itemsOf(FindingState::New));
  for (auto [State, Title] :
       {std::pair(FindingState::Known, " in the baseline"),
        std::pair(FindingState::Silenced, " silenced in the source")}) {
    Items All = itemsOf(State);
    if (All.empty())
      continue;
    OS << "<details class=\"all\"><summary>" << All.size() << Title
       << "</summary>\n";
    list(All);
    OS << "</details>\n";
  }
  gone();
  OS << "</main>\n<footer>race-tidy " << escaped(R.Version)
     << ". This file needs no other.</footer>\n</body>\n</html>\n";
}

void race::writeHtml(const Report &R, SourceLines &Sources, raw_ostream &OS) {
  HtmlWriter(R, Sources, OS).write();
}

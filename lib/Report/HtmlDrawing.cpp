//===- HtmlDrawing.cpp - Threads that take turns, drawn -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Html.h"
#include "Layout.h"
#include "race/Support/Paths.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace llvm;
using namespace race;

namespace {

/// Sizes in pixels. Widths of letters are estimated, on the safe side.
constexpr unsigned LineHeight = 18, TextSize = 13, SmallSize = 11, Gap = 14,
                   Turn = 30, Radius = 10, BarWidth = 6;

/// A line of text beside a step.
struct TextLine {
  std::string Text;
  const char *Class;
  unsigned Height;
};

class Drawing {
public:
  Drawing(const Finding &F, unsigned Width, StringRef Root, raw_ostream &OS)
      : F(F), Width(Width), Root(Root), OS(OS), Overlap(isOverlap(F)) {
    for (const InterleavingStep &S : F.Interleaving)
      Threads = std::max(Threads, S.Thread);
  }

  void draw(StringRef Class);

private:
  /// A step, where it is drawn.
  struct Box {
    const InterleavingStep *Step = nullptr;
    unsigned Number = 0; ///< 0 for those before the window
    unsigned Top = 0, Height = 0;
    std::vector<TextLine> Lines;
  };

  void place();
  void placeHeads();
  void window();
  void threads();
  void switches();
  void step(const Box &B);
  unsigned left(unsigned Thread) const {
    return (Thread - 1) * (Width / Threads);
  }
  unsigned line(unsigned Thread) const {
    return left(Thread) + (isNarrow() ? 20 : 30);
  }
  unsigned textLeft(unsigned Thread) const {
    return line(Thread) + Radius + (isNarrow() ? 6 : 10);
  }
  unsigned textWidth() const {
    return left(2) - (textLeft(1) - left(1)) - (isNarrow() ? 2 : 12);
  }
  bool isNarrow() const { return Width / Threads < 240; }
  static unsigned color(unsigned Thread) {
    return (Thread - 1) % ThreadColors + 1;
  }
  void add(std::vector<TextLine> &Lines, StringRef Text, const char *Class,
           unsigned Size, unsigned Height) const {
    // Small letters are of one width, others of about half their size.
    double Letter = Class[0] == 'm' ? Size * 0.62 : Size * 0.65;
    unsigned Room = std::max(8u, static_cast<unsigned>(textWidth() / Letter));
    for (std::string &L : wrap(Text, Room))
      Lines.push_back({std::move(L), Class, Height});
  }
  static unsigned heightOf(ArrayRef<TextLine> Lines) {
    unsigned Sum = 0;
    for (const TextLine &L : Lines)
      Sum += L.Height;
    return Sum;
  }
  void text(unsigned X, unsigned Y, ArrayRef<TextLine> Lines);

  const Finding &F;
  unsigned Width;
  StringRef Root;
  raw_ostream &OS;
  bool Overlap;
  unsigned Threads = 1;
  std::vector<std::vector<TextLine>> Heads;
  std::vector<Box> Boxes;
  unsigned HeadHeight = 0, Height = 0;
};

} // namespace

void Drawing::placeHeads() {
  for (unsigned T = 1; T <= Threads; ++T) {
    std::vector<TextLine> Lines;
    add(Lines, "thread " + std::to_string(T), "h", TextSize, LineHeight);
    if (T <= F.Threads.size())
      add(Lines, printable(F.Threads[T - 1]), "d", TextSize, LineHeight - 2);
    HeadHeight = std::max(HeadHeight, heightOf(Lines));
    Heads.push_back(std::move(Lines));
  }
  HeadHeight += 8;
}

/// Gives each step its place, one below the other; what overlaps is side by
/// side.
void Drawing::place() {
  placeHeads();
  unsigned Y = HeadHeight + Gap, Number = 0;
  // Until the window opens, the threads come along beside each other.
  std::vector<unsigned> Ways(Threads + 1, Y);
  bool Opened = false;
  for (const InterleavingStep &S : F.Interleaving) {
    Box B;
    B.Step = &S;
    add(B.Lines, printable(S.Text), S.Before ? "d" : "s", TextSize, LineHeight);
    for (const std::string &L : S.Locks)
      add(B.Lines, "holds " + printable(L), "m k", SmallSize, LineHeight - 3);
    if (S.Place.isValid()) {
      StringRef Name = S.Place.File;
      std::string Short = relativeTo(Root, Name);
      // The last folder is enough to know which file is meant.
      if (StringRef(Short).count('/') > 1)
        Short = StringRef(Short).rsplit('/').first.rsplit('/').second.str() +
                "/" + StringRef(Short).rsplit('/').second.str();
      add(B.Lines, printable(Short) + ":" + std::to_string(S.Place.Line), "m",
          SmallSize, LineHeight - 3);
    }
    B.Height = std::max(heightOf(B.Lines), 2 * Radius);
    if (S.Before && !Opened) {
      B.Top = Ways[S.Thread];
      Ways[S.Thread] += B.Height + Gap / 2;
      Boxes.push_back(std::move(B));
      continue;
    }
    if (!S.Before)
      B.Number = ++Number;
    if (!Opened)
      Y = *std::max_element(Ways.begin(), Ways.end()) +
          (Overlap ? Gap + 6 : 0); // the window needs room of its own
    Opened = true;
    B.Top = Y;
    if (Overlap && B.Number == 2) {
      B.Top = Boxes.back().Top;
      Y = std::max(B.Top + B.Height, Boxes.back().Top + Boxes.back().Height);
    } else if (!Overlap || B.Number != 1) {
      const InterleavingStep *Next = &S == &F.Interleaving.back() ? &S : &S + 1;
      Y += B.Height + (Next->Thread == S.Thread ? Gap : Turn);
    }
    Boxes.push_back(std::move(B));
  }
  Height = Y + (Overlap ? 28 : 4);
}

void Drawing::text(unsigned X, unsigned Y, ArrayRef<TextLine> Lines) {
  for (const TextLine &L : Lines) {
    Y += L.Height;
    OS << "<text class=\"" << L.Class << "\" x=\"" << X << "\" y=\"" << Y - 5
       << "\">";
    forEachPart(L.Text, [&](StringRef Part, bool Quoted) {
      if (Quoted)
        OS << "<tspan class=\"q\">" << escaped(Part) << "</tspan>";
      else
        OS << escaped(Part);
    });
    OS << "</text>\n";
  }
}

/// The time in which others get in between: from below the first step to above
/// the last one, or around both if they overlap.
void Drawing::window() {
  const Box *First = nullptr;
  for (const Box &B : Boxes)
    if (B.Number == 1)
      First = &B;
  const Box &Last = Boxes.back();
  if (!First || First == &Last)
    return;
  unsigned Top = Overlap ? First->Top - 14 : First->Top + First->Height + 7;
  unsigned Bottom =
      Overlap ? std::max(First->Top + First->Height, Last.Top + Last.Height) + 8
              : Last.Top - 4;
  OS << "<rect class=\"w\" x=\"1\" y=\"" << Top << "\" width=\"" << Width - 2
     << "\" height=\"" << Bottom - Top << "\" rx=\"6\"/>\n"
     << "<text class=\"wl\" x=\"" << Width - 8 << "\" y=\""
     << (Overlap ? Bottom + 13 : Top + 13) << "\" text-anchor=\"end\">"
     << (Overlap ? "at the same time" : "the window") << "</text>\n";
}

void Drawing::threads() {
  for (unsigned T = 1; T <= Threads; ++T) {
    OS << "<g class=\"t" << color(T) << "\"><line class=\"l\" x1=\"" << line(T)
       << "\" y1=\"" << HeadHeight << "\" x2=\"" << line(T) << "\" y2=\""
       << Height - 2 << "\"/>\n";
    text(left(T) + (isNarrow() ? 8 : 18), 0, Heads[T - 1]);
    OS << "</g>\n";
  }
}

/// From step to step of different threads, so that the eye follows the time.
void Drawing::switches() {
  for (size_t I = 1; I < Boxes.size(); ++I) {
    const Box &A = Boxes[I - 1], &B = Boxes[I];
    if (!A.Number || !B.Number || A.Step->Thread == B.Step->Thread || Overlap)
      continue;
    // Between the two, where there is no text.
    unsigned X1 = line(A.Step->Thread), X2 = line(B.Step->Thread);
    unsigned Y1 = A.Top + A.Height + 3, Y2 = B.Top - 3, Y = (Y1 + Y2) / 2;
    int R = X2 > X1 ? 8 : -8;
    OS << "<path class=\"a\" d=\"M" << X1 << ' ' << Y1 << " Q" << X1 << ' ' << Y
       << ' ' << static_cast<int>(X1) + R << ' ' << Y << " H"
       << static_cast<int>(X2) - R << " Q" << X2 << ' ' << Y << ' ' << X2 << ' '
       << Y2 << "\" marker-end=\"url(#arrow)\"/>\n";
  }
}

void Drawing::step(const Box &B) {
  unsigned T = B.Step->Thread, X = line(T);
  OS << "<g class=\"t" << color(T) << "\">\n";
  // Locks as bars: held for as long as the step takes, no longer.
  unsigned Bar = X - Radius - 4 - BarWidth;
  for (const std::string &L : B.Step->Locks) {
    OS << "<rect class=\"b\" x=\"" << Bar << "\" y=\"" << B.Top << "\" width=\""
       << BarWidth << "\" height=\"" << B.Height << "\" rx=\"2\"><title>holds "
       << escaped(L) << "</title></rect>\n";
    Bar = Bar > BarWidth + 2 ? Bar - BarWidth - 2 : Bar;
  }
  if (B.Number)
    OS << "<circle class=\"c\" cx=\"" << X << "\" cy=\"" << B.Top + Radius
       << "\" r=\"" << Radius << "\"/><text class=\"n\" x=\"" << X << "\" y=\""
       << B.Top + Radius + 4 << "\" text-anchor=\"middle\">" << B.Number
       << "</text>\n";
  else
    OS << "<circle class=\"o\" cx=\"" << X << "\" cy=\"" << B.Top + Radius
       << "\" r=\"4\"/>\n";
  text(textLeft(T), B.Top, B.Lines);
  OS << "</g>\n";
}

void Drawing::draw(StringRef Class) {
  place();
  OS << "<svg class=\"" << Class << "\" viewBox=\"0 0 " << Width << ' '
     << Height << "\" width=\"" << Width << "\" height=\"" << Height
     << "\" role=\"img\" aria-label=\"" << Threads
     << (Threads == 1 ? " thread" : " threads")
     << " taking turns, time downward\">\n";
  window();
  threads();
  switches();
  for (const Box &B : Boxes)
    step(B);
  OS << "</svg>\n";
}

void race::drawInterleaving(const Finding &F, unsigned Width, StringRef Root,
                            StringRef Class, raw_ostream &OS) {
  if (!F.Interleaving.empty())
    Drawing(F, Width, Root, OS).draw(Class);
}

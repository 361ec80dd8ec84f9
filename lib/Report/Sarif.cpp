//===- Sarif.cpp - Findings as SARIF 2.1.0 --------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/Report.h"
#include "race/Report/Rules.h"
#include "race/Support/Paths.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include <map>

using namespace llvm;
using namespace race;

/// What relative names are relative to, as the log calls it.
static constexpr StringLiteral RootId = "SRCROOT";

static std::string utf8(StringRef Text) {
  return json::isUTF8(Text) ? Text.str() : json::fixUTF8(Text);
}

/// \p Path as part of a URI.
static std::string encode(StringRef Path) {
  std::string Uri;
  for (char C : Path)
    if (isAlnum(C) || StringRef("-._~/").contains(C))
      Uri += C;
    else
      Uri +=
          ("%" + utohexstr(static_cast<unsigned char>(C), /*LowerCase=*/false,
                           /*Width=*/2));
  return Uri;
}

namespace {

/// Writes one log.
class SarifWriter {
public:
  SarifWriter(const Report &R, SourceLines &Sources, raw_ostream &OS)
      : R(R), Sources(Sources), J(OS, /*IndentSize=*/1) {}

  void write();

private:
  void tool();
  void invocation();
  void result(const Report::Item &I);
  void gone(const Baseline::Entry &E);
  void flows(const Finding &F);
  void fixes(const Finding &F);

  void message(StringRef Text) {
    J.attributeObject("message", [&] { J.attribute("text", utf8(Text)); });
  }
  void artifact(StringRef File);
  void region(const Anchor &Begin, const Anchor &End);
  void physical(const Anchor &Place);
  void partialFingerprint(StringRef Fingerprint) {
    J.attributeObject("partialFingerprints",
                      [&] { J.attribute("raceTidy/v1", Fingerprint); });
  }
  void rule(StringRef Check);
  unsigned column(const Anchor &Place);
  unsigned endOfName(const Anchor &Place);

  const Report &R;
  SourceLines &Sources;
  json::OStream J;
};

} // namespace

/// SARIF counts characters, we count bytes.
unsigned SarifWriter::column(const Anchor &Place) {
  StringRef Line = Sources.line(Place.File, Place.Line);
  unsigned Column = 1;
  for (unsigned char C : Line.take_front(Place.Column ? Place.Column - 1 : 0))
    Column += (C & 0xC0) != 0x80;
  return Column;
}

/// Behind the name at \p Place, or the character if there is no name.
unsigned SarifWriter::endOfName(const Anchor &Place) {
  StringRef Line = Sources.line(Place.File, Place.Line);
  StringRef Rest = Line.substr(Place.Column ? Place.Column - 1 : 0);
  size_t Length =
      Rest.take_while([](char C) { return isAlnum(C) || C == '_'; }).size();
  return column(Place) + std::max<size_t>(Length, 1);
}

void SarifWriter::artifact(StringRef File) {
  std::string Name = relativeTo(R.Root, File);
  J.attributeObject("artifactLocation", [&] {
    if (sys::path::is_absolute(Name)) {
      J.attribute("uri", "file://" + encode(Name));
      return;
    }
    J.attribute("uri", encode(Name));
    J.attribute("uriBaseId", RootId);
  });
}

void SarifWriter::region(const Anchor &Begin, const Anchor &End) {
  J.attribute("startLine", Begin.Line);
  J.attribute("startColumn", column(Begin));
  if (End.Line != Begin.Line)
    J.attribute("endLine", End.Line);
  J.attribute("endColumn", column(End));
}

void SarifWriter::physical(const Anchor &Place) {
  J.attributeObject("physicalLocation", [&] {
    artifact(Place.File);
    J.attributeObject("region", [&] {
      J.attribute("startLine", Place.Line);
      J.attribute("startColumn", column(Place));
      J.attribute("endColumn", endOfName(Place));
    });
  });
}

void SarifWriter::rule(StringRef Check) {
  if (Check.empty())
    return;
  J.attribute("ruleId", utf8(Check));
  for (size_t I = 0; I < rules().size(); ++I)
    if (rules()[I].Id == Check)
      J.attribute("ruleIndex", static_cast<int64_t>(I));
}

void SarifWriter::tool() {
  auto Text = [&](StringRef Key, StringRef What) {
    J.attributeObject(Key, [&] { J.attribute("text", What); });
  };
  J.attributeObject("tool", [&] {
    J.attributeObject("driver", [&] {
      J.attribute("name", "race-tidy");
      J.attribute("version", R.Version);
      J.attribute("informationUri", RACE_HOMEPAGE);
      J.attributeArray("rules", [&] {
        for (const Rule &X : rules())
          J.object([&] {
            J.attribute("id", X.Id);
            J.attribute("name", X.Title);
            Text("shortDescription", X.Short);
            Text("fullDescription", X.Full);
            std::string Plain = X.Full.str() + "\n\nHow to fix it:\n";
            std::string Marked = X.Full.str() + "\n\n**How to fix it**\n\n";
            unsigned N = 0;
            for (StringRef Fix : X.Fixes) {
              std::string Line = std::to_string(++N) + ". " + Fix.str() + "\n";
              Plain += Line;
              Marked += Line;
            }
            std::string Silence = "\nIf it is wrong: // NOLINT(" + X.Id.str() +
                                  "): why. " + X.IfWrong.str();
            J.attributeObject("help", [&] {
              J.attribute("text", Plain + Silence);
              J.attribute("markdown",
                          Marked + "\n**If it is wrong**\n\n`// NOLINT(" +
                              X.Id.str() + "): why`. " + X.IfWrong.str());
            });
            J.attribute("helpUri", X.uri());
            J.attributeObject("defaultConfiguration",
                              [&] { J.attribute("level", "warning"); });
            J.attributeObject("properties", [&] {
              J.attributeArray("tags", [&] { J.value("concurrency"); });
            });
          });
      });
    });
  });
}

void SarifWriter::invocation() {
  J.attributeArray("invocations", [&] {
    J.object([&] {
      J.attribute("executionSuccessful", R.Failed.empty());
      if (R.Failed.empty())
        return;
      J.attributeArray("toolExecutionNotifications", [&] {
        for (const auto &[File, Why] : R.Failed)
          J.object([&, &File = File, &Why = Why] {
            J.attribute("level", "error");
            message(Why);
            J.attributeArray("locations", [&] {
              J.object([&] {
                J.attributeObject("physicalLocation", [&] {
                  artifact(absoluteFrom(R.Root, File));
                });
              });
            });
          });
      });
    });
  });
}

/// One thread flow for each thread; the order of time goes across them.
void SarifWriter::flows(const Finding &F) {
  std::map<unsigned, std::vector<size_t>> Threads;
  for (size_t I = 0; I < F.Interleaving.size(); ++I)
    Threads[F.Interleaving[I].Thread].push_back(I);
  if (Threads.empty())
    return;
  auto Flow = [&](unsigned Thread, ArrayRef<size_t> Steps) {
    J.attribute("id", "thread " + std::to_string(Thread));
    if (Thread && Thread <= F.Threads.size())
      message(F.Threads[Thread - 1]);
    J.attributeArray("locations", [&] {
      for (size_t I : Steps) {
        const InterleavingStep &S = F.Interleaving[I];
        J.object([&] {
          J.attributeObject("location", [&] {
            if (S.Place.isValid())
              physical(S.Place);
            std::string Locks;
            for (const std::string &L : S.Locks)
              Locks += (Locks.empty() ? ", holding '" : ", '") + L + "'";
            message("thread " + std::to_string(Thread) + ": " + S.Text + Locks);
          });
          J.attribute("executionOrder", static_cast<int64_t>(I + 1));
          J.attribute("importance", S.Before ? "important" : "essential");
        });
      }
    });
  };
  J.attributeArray("codeFlows", [&] {
    J.object([&] {
      message("how the threads take turns until it goes wrong");
      J.attributeArray("threadFlows", [&] {
        for (const auto &[Thread, Steps] : Threads)
          J.object(
              [&, Thread = Thread, &Steps = Steps] { Flow(Thread, Steps); });
      });
    });
  });
}

void SarifWriter::fixes(const Finding &F) {
  if (F.Fix.empty())
    return;
  std::map<std::string, std::vector<const SourceEdit *>> ByFile;
  for (const SourceEdit &E : F.Fix)
    ByFile[E.Begin.File].push_back(&E);
  J.attributeArray("fixes", [&] {
    J.object([&] {
      J.attributeObject("description", [&] {
        J.attribute("text", "a change that keeps the meaning otherwise");
      });
      J.attributeArray("artifactChanges", [&] {
        for (const auto &[File, Edits] : ByFile)
          J.object([&, &File = File, &Edits = Edits] {
            artifact(File);
            J.attributeArray("replacements", [&] {
              for (const SourceEdit *E : Edits)
                J.object([&] {
                  J.attributeObject("deletedRegion",
                                    [&] { region(E->Begin, E->End); });
                  J.attributeObject("insertedContent", [&] {
                    J.attribute("text", utf8(E->Text));
                  });
                });
            });
          });
      });
    });
  });
}

void SarifWriter::result(const Report::Item &I) {
  const Finding &F = I.What;
  J.object([&] {
    rule(F.Check);
    J.attribute("level", "warning");
    message(F.Message);
    J.attributeArray("locations", [&] {
      J.object([&] {
        if (F.Place.isValid())
          physical(F.Place);
        if (!F.Scope.empty())
          J.attributeArray("logicalLocations", [&] {
            J.object([&] { J.attribute("fullyQualifiedName", utf8(F.Scope)); });
          });
      });
    });
    J.attributeArray("relatedLocations", [&] {
      int64_t Id = 0;
      for (const FindingNote &N : F.Notes)
        J.object([&] {
          J.attribute("id", Id++);
          if (N.Place.isValid())
            physical(N.Place);
          message(N.Text);
        });
    });
    flows(F);
    partialFingerprint(F.Fingerprint);
    // An empty list says that it is known not to be suppressed.
    J.attributeArray("suppressions", [&] {
      if (I.State == FindingState::Silenced)
        J.object([&] {
          J.attribute("kind", "inSource");
          J.attribute("status", "accepted");
          J.attribute("justification", "a NOLINT comment");
        });
    });
    if (R.HasBaseline)
      J.attribute("baselineState",
                  I.State == FindingState::New ? "new" : "unchanged");
    fixes(F);
    J.attributeObject("properties",
                      [&] { J.attribute("evidence", toString(F.Why)); });
  });
}

/// What is in the baseline and does not occur any more.
void SarifWriter::gone(const Baseline::Entry &E) {
  J.object([&] {
    rule(E.Check);
    message(E.Message.empty() ? "no longer found" : StringRef(E.Message));
    if (!E.File.empty())
      J.attributeArray("locations", [&] {
        J.object([&] {
          J.attributeObject("physicalLocation",
                            [&] { artifact(absoluteFrom(R.Root, E.File)); });
        });
      });
    partialFingerprint(E.Fingerprint);
    J.attributeArray("suppressions", [] {});
    J.attribute("baselineState", "absent");
  });
}

void SarifWriter::write() {
  J.object([&] {
    J.attribute("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/"
                           "errata01/os/schemas/sarif-schema-2.1.0.json");
    J.attribute("version", "2.1.0");
    J.attributeArray("runs", [&] {
      J.object([&] {
        tool();
        invocation();
        J.attributeObject("originalUriBaseIds", [&] {
          J.attributeObject(RootId, [&] {
            J.attribute("uri", "file://" + encode(R.Root) + "/");
            J.attributeObject("description", [&] {
              J.attribute("text", "the project's folder");
            });
          });
        });
        J.attribute("columnKind", "unicodeCodePoints");
        J.attributeArray("results", [&] {
          for (const Report::Item &I : R.Items)
            result(I);
          for (const Baseline::Entry &E : R.Gone)
            gone(E);
        });
      });
    });
  });
  J.flush();
}

void race::writeSarif(const Report &R, SourceLines &Sources, raw_ostream &OS) {
  SarifWriter(R, Sources, OS).write();
  OS << '\n';
}

//===- LinkBenchmark.cpp - What linking costs -----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Links a made-up program of the given number of functions as `race-tidy
// analyze` does once the files were read, on one core, and prints a line of
// numbers for link.py.
//
//===----------------------------------------------------------------------===//

#include "SyntheticProgram.h"
#include "race/Analysis/StaleComment.h"
#include "race/Driver/Extract.h"
#include "race/Program/ImportFinder.h"
#include "race/Program/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <sys/resource.h>

using namespace llvm;
using namespace race;

static double userSeconds() {
  rusage Usage;
  getrusage(RUSAGE_SELF, &Usage);
  return Usage.ru_utime.tv_sec + Usage.ru_utime.tv_usec / 1e6;
}

static long peakMegabytes() {
  rusage Usage;
  getrusage(RUSAGE_SELF, &Usage);
  return Usage.ru_maxrss / 1024;
}

namespace {
/// Sums up the user time of one phase.
struct Phase {
  double Seconds = 0;
  template <class F> void run(F &&Work) {
    double Begin = userSeconds();
    Work();
    Seconds += userSeconds() - Begin;
  }
};
} // namespace

int main(int Argc, char **Argv) {
  unsigned Functions = 0;
  if (Argc != 2 || StringRef(Argv[1]).getAsInteger(10, Functions) ||
      !Functions) {
    errs() << "usage: race-link-benchmark FUNCTIONS\n";
    return 2;
  }
  SyntheticProgram Synthetic(Functions);
  EntityTable Names;
  std::vector<UnitDocument> Units;
  size_t Bytes = 0;
  Phase Read, Import, Link, Judge;
  for (unsigned I = 0; I < Synthetic.units(); ++I) {
    std::string Json = Synthetic.unit(I);
    Bytes += Json.size();
    Read.run([&] {
      Expected<UnitDocument> D = readUnit(Json, Names, "/src");
      if (!D) {
        errs() << "error: " << toString(D.takeError()) << '\n';
        exit(2);
      }
      Units.push_back(std::move(*D));
    });
  }
  std::vector<const TUSummary *> Summaries;
  for (const UnitDocument &D : Units)
    Summaries.push_back(&D.Summary);
  size_t Imports = 0;
  Import.run([&] {
    ImportFinder Finder(Names, Summaries, "/src");
    for (unsigned I = 0; I < Units.size(); ++I)
      Imports += !Finder.importsOf(I).hash().empty();
    Imports += Finder.effects().size();
  });
  std::unique_ptr<Program> P;
  Link.run([&] { P = std::make_unique<Program>(Names, Summaries); });
  size_t Findings = 0;
  Judge.run([&] { Findings = findStaleComments(*P, Names).size(); });

  outs() << "functions=" << Functions << " units=" << Units.size()
         << " threads=" << P->roots().size() - 1
         << " claims=" << P->claims().size() << " findings=" << Findings
         << " imports=" << Imports << " json_mb=" << Bytes / 1000000
         << " read=" << format("%.3f", Read.Seconds)
         << " import=" << format("%.3f", Import.Seconds)
         << " link=" << format("%.3f", Link.Seconds)
         << " judge=" << format("%.3f", Judge.Seconds)
         << " peak_mb=" << peakMegabytes() << '\n';
  return 0;
}

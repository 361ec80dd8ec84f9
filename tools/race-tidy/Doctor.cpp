//===- Doctor.cpp - race-tidy doctor --------------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Doctor.h"
#include "Commands.h"

using namespace llvm;

namespace race {

cl::SubCommand DoctorCommand("doctor",
                             "Says why a check speaks or is silent somewhere");

static cl::opt<std::string> Place(cl::Positional, cl::Required,
                                  cl::desc("<file>[:line]"),
                                  cl::sub(DoctorCommand));
static cl::opt<std::string>
    BuildFolder("p",
                cl::desc("Folder of compile_commands.json (default: found "
                         "from the current folder upwards)"),
                cl::value_desc("folder"), cl::sub(DoctorCommand),
                cl::cat(Category));
static cl::opt<std::string>
    IndexFile("index", cl::value_desc("file"),
              cl::desc("The index (default: .race/index in the build folder)"),
              cl::sub(DoctorCommand), cl::cat(Category));

int runDoctor() {
  Expected<Project> P = Project::open(BuildFolder);
  if (!P)
    return fail(toString(P.takeError()));
  DoctorOptions Options;
  auto [File, Line] = StringRef(Place).rsplit(':');
  if (Line.empty() || Line.getAsInteger(10, Options.Line))
    File = Place;
  Options.File = File.str();
  Options.IndexFile = IndexFile;
  if (Error E = explainPlace(*P, Options, outs()))
    return fail(toString(std::move(E)));
  return Clean;
}

} // namespace race

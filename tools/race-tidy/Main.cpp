//===- Main.cpp - race-tidy, whole programs -------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;

namespace race {

cl::OptionCategory Category("race-tidy's options");
std::vector<std::string> AfterDashes;

int fail(const Twine &Text) {
  WithColor::error(errs(), "race-tidy") << Text << '\n';
  return Failed;
}

} // namespace race

int main(int Argc, const char **Argv) {
  InitLLVM Init(Argc, Argv);
  for (int I = 1; I < Argc; ++I)
    if (StringRef(Argv[I]) == "--") {
      race::AfterDashes.assign(Argv + I + 1, Argv + Argc);
      Argc = I;
    }
  // Of the options that LLVM's own libraries register, none is ours.
  for (cl::SubCommand *Sub :
       {&race::AnalyzeCommand, &race::DoctorCommand, &race::ExplainCommand,
        &race::ExtractCommand, &race::HookCommand, &race::InitCommand,
        &race::LinkCommand, &cl::SubCommand::getTopLevel()})
    cl::HideUnrelatedOptions(race::Category, *Sub);
  cl::SetVersionPrinter([](raw_ostream &OS) {
    OS << "race-tidy " RACE_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
  });
  std::string Problem;
  raw_string_ostream Problems(Problem);
  if (!cl::ParseCommandLineOptions(
          Argc, Argv,
          "race-tidy: race-prone patterns in whole C and C++ programs\n",
          &Problems)) {
    errs() << Problem;
    return race::Failed;
  }
  if (race::AnalyzeCommand)
    return race::runAnalyze();
  if (race::DoctorCommand)
    return race::runDoctor();
  if (race::ExplainCommand)
    return race::runExplain();
  if (race::ExtractCommand)
    return race::runExtract();
  if (race::LinkCommand)
    return race::runLink();
  if (race::HookCommand)
    return race::runHook();
  if (race::InitCommand)
    return race::runInit();
  return race::fail(
      "name a subcommand: analyze, doctor, explain, extract, hook, init, link; "
      "see --help");
}

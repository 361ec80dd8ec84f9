//===- Commands.h - The subcommands of race-tidy ----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_TOOLS_RACETIDY_COMMANDS_H
#define RACE_TOOLS_RACETIDY_COMMANDS_H

#include "llvm/Support/CommandLine.h"

namespace race {

/// What the program says to the system that called it.
enum ExitStatus { Clean = 0, HasFindings = 1, Failed = 2 };

/// The subcommand that the user chose; nothing if none.
int runAnalyze();
int runDoctor();
int runExplain();
int runExtract();
int runHook();
int runInit();
int runLink();

extern llvm::cl::SubCommand AnalyzeCommand, DoctorCommand, ExplainCommand,
    ExtractCommand, HookCommand, InitCommand, LinkCommand;
extern llvm::cl::OptionCategory Category;

/// Prints "race-tidy: error: " and \p Text.
int fail(const llvm::Twine &Text);

/// The command after `--`, which CommandLine does not see.
extern std::vector<std::string> AfterDashes;

} // namespace race

#endif // RACE_TOOLS_RACETIDY_COMMANDS_H

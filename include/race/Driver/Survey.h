//===- Survey.h - What a program's own code means ---------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_DRIVER_SURVEY_H
#define RACE_DRIVER_SURVEY_H

#include "race/Driver/Project.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <utility>

namespace race {

/// What the structure of the code says about one type or function, as a model
/// of docs/models.md would say it.
struct SurveyItem {
  /// Why it is believed, each with its place: "'put' stores its argument in
  /// 'free_', from which 'get' takes (src/pool.cpp:12)". In the order of
  /// places.
  std::vector<std::string> Evidence;
  /// Keys of the model, such as "synchronized: true".
  std::vector<std::string> Keys;
  /// Of a type: for the name of a method, its keys.
  std::map<std::string, std::vector<std::string>> Methods;
};

/// What was found in a program. Models that are in force already, presets or
/// the user's, are left out.
struct Survey {
  /// By the names that models use: "db::Pool".
  std::map<std::string, SurveyItem> Types, Functions;
  /// The threads that start, and what event loops call: what runs, and where it
  /// is started. Sorted.
  std::vector<std::string> Threads, Callbacks;
  unsigned Pools = 0, Containers = 0, Locks = 0, Starters = 0;
  /// Units that could not be read, or only in part, and why.
  std::vector<std::pair<std::string, std::string>> Failed;
};

/// Reads all units of \p P and looks for pools, containers that lock
/// themselves, functions that leave a lock taken, and functions that start
/// threads. The same program gives the same survey.
/// \param Jobs how many are read at once; 0 for as many as there are processors
/// \param Log gets the progress, unless \p Quiet.
Survey surveyProject(const Project &P, unsigned Jobs, bool Quiet,
                     llvm::raw_ostream &Log);

/// The text of a new `.race-models.yaml` for the project called \p Name: valid
/// as it stands, with everything that was found as comments.
std::string modelsFile(const Survey &Found, llvm::StringRef Name);

/// \p Text, a `.race-models.yaml`, with comments for what is found and not
/// spoken of in it; the same text if there is nothing new.
std::string addToModelsFile(const Survey &Found, llvm::StringRef Text);

} // namespace race

#endif // RACE_DRIVER_SURVEY_H

//===- TidyConfig.cpp - The project's .clang-tidy files -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/TidyConfig.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "clang-tidy/GlobList.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <mutex>

using namespace llvm;
using namespace race;
using namespace clang::tidy;

struct TidyConfig::Impl {
  explicit Impl(StringRef Checks)
      : Checks(Checks),
        Provider(ClangTidyGlobalOptions(), ClangTidyOptions::getDefaults(),
                 ClangTidyOptions(), vfs::getRealFileSystem()) {}

  const ClangTidyOptions &options(StringRef File) {
    // All files of a folder have the same options.
    auto [It, New] = ByFolder.try_emplace(sys::path::parent_path(File));
    if (New)
      It->second = Provider.getOptions(File);
    return It->second;
  }

  std::mutex Lock;
  std::string Checks;
  FileOptionsProvider Provider;
  StringMap<ClangTidyOptions> ByFolder;
};

TidyConfig::TidyConfig(StringRef Checks) : I(std::make_unique<Impl>(Checks)) {}
TidyConfig::~TidyConfig() = default;

ClangTidyOptions TidyConfig::all(StringRef File) {
  std::lock_guard<std::mutex> Guard(I->Lock);
  ClangTidyOptions O = I->options(File);
  if (!O.Checks || !StringRef(*O.Checks).contains("race-"))
    O.Checks = "race-*";
  if (!I->Checks.empty())
    *O.Checks += "," + I->Checks;
  return O;
}

bool TidyConfig::isEnabled(StringRef Check, StringRef File) {
  return GlobList(*all(File).Checks).contains(Check);
}

std::string TidyConfig::option(StringRef Check, StringRef Option,
                               StringRef File) {
  std::lock_guard<std::mutex> Guard(I->Lock);
  const ClangTidyOptions &O = I->options(File);
  auto It = O.CheckOptions.find((Check + "." + Option).str());
  return It == O.CheckOptions.end() ? "" : It->second.Value;
}

//===- Overrides.cpp - What race-clangd does other than clangd ------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Functions of clangd that the linker replaces by ours (its option --wrap):
// calls of X in clangd's libraries reach __wrap_X, and __real_X is clangd's
// own. Only calls from one object file to another can be caught so.

#include "MessageFilter.h"
#include "clang/Basic/Version.h"
#include "clang/Driver/Driver.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>

using namespace llvm;

namespace clang::clangd {
struct PublishDiagnosticsParams;
class Transport;
enum JSONStreamStyle : int;
} // namespace clang::clangd
using namespace clang::clangd;

#define WRAPPED(Symbol) asm("__wrap_" Symbol)
#define REAL(Symbol) asm("__real_" Symbol)

//===----------------------------------------------------------------------===//
// bool isFastTidyCheck(StringRef): whether a check runs with clangd's default
// settings, which leave out those that it has not measured.
//===----------------------------------------------------------------------===//

#define SYMBOL "_ZN5clang6clangd15isFastTidyCheckEN4llvm9StringRefE"
std::optional<bool> clangdIsFast(StringRef Check) REAL(SYMBOL);
std::optional<bool> raceIsFast(StringRef Check) WRAPPED(SYMBOL);
#undef SYMBOL

std::optional<bool> raceIsFast(StringRef Check) {
  return Check.starts_with("race-") ? true : clangdIsFast(Check);
}

//===----------------------------------------------------------------------===//
// std::string versionString(): what --version says, and the LSP's serverInfo.
//===----------------------------------------------------------------------===//

#define SYMBOL "_ZN5clang6clangd13versionStringB5cxx11Ev"
std::string raceVersion() WRAPPED(SYMBOL);
#undef SYMBOL

std::string raceVersion() {
  return "race-clangd " RACE_VERSION " (clangd " CLANG_VERSION_STRING ")";
}

//===----------------------------------------------------------------------===//
// std::string CompilerInvocation::GetResourcesPath(const char *, void *): where
// clang's own headers are. clangd expects them beside itself.
//===----------------------------------------------------------------------===//

#define SYMBOL "_ZN5clang18CompilerInvocation16GetResourcesPathB5cxx11EPKcPv"
std::string raceResourceDir(const char *Argv0, void *Main) WRAPPED(SYMBOL);
#undef SYMBOL

static bool hasHeaders(StringRef ResourceDir) {
  SmallString<128> Header(ResourceDir);
  sys::path::append(Header, "include", "stddef.h");
  return sys::fs::exists(Header);
}

std::string raceResourceDir(const char *Argv0, void *Main) {
  // First those beside us, then those of the clang we were built with, then
  // those of the clang that is installed here.
  std::string Own = clang::driver::Driver::GetResourcesPath(
      sys::fs::getMainExecutable(Argv0, Main));
  for (const std::string &Dir : {Own, std::string(RACE_CLANG_RESOURCE_DIR)})
    if (hasHeaders(Dir))
      return Dir;
  for (const char *Name : {"clang-" CLANG_VERSION_MAJOR_STRING, "clang"}) {
    ErrorOr<std::string> Clang = sys::findProgramByName(Name);
    SmallString<128> Real;
    if (!Clang || sys::fs::real_path(*Clang, Real))
      continue;
    std::string Dir = clang::driver::Driver::GetResourcesPath(Real);
    if (sys::path::filename(Dir) == CLANG_VERSION_MAJOR_STRING &&
        hasHeaders(Dir))
      return Dir;
  }
  errs() << "race-clangd: no headers of clang " CLANG_VERSION_MAJOR_STRING
            ": install the Debian package libclang-common-"
         << CLANG_VERSION_MAJOR_STRING
         << "-dev, or name their folder with --resource-dir\n";
  return Own;
}

//===----------------------------------------------------------------------===//
// json::Value toJSON(const PublishDiagnosticsParams &): the code of a
// diagnostic links to the check's page. clangd would look for it among LLVM's.
//===----------------------------------------------------------------------===//

#define SYMBOL "_ZN5clang6clangd6toJSONERKNS0_24PublishDiagnosticsParamsE"
json::Value clangdToJson(const PublishDiagnosticsParams &P) REAL(SYMBOL);
json::Value raceToJson(const PublishDiagnosticsParams &P) WRAPPED(SYMBOL);
#undef SYMBOL
json::Value raceToJson(const PublishDiagnosticsParams &P) {
  json::Value Message = clangdToJson(P);
  json::Object *M = Message.getAsObject();
  json::Array *Diagnostics = M ? M->getArray("diagnostics") : nullptr;
  if (!Diagnostics)
    return Message;
  for (json::Value &V : *Diagnostics) {
    json::Object *D = V.getAsObject();
    std::optional<StringRef> Code = D ? D->getString("code") : std::nullopt;
    if (!Code || !Code->starts_with("race-"))
      continue;
    std::string Page =
        (RACE_HOMEPAGE "/blob/main/docs/checks/" + *Code + ".md").str();
    (*D)["codeDescription"] = json::Object{{"href", std::move(Page)}};
  }
  return Message;
}

//===----------------------------------------------------------------------===//
// std::unique_ptr<Transport> newJSONTransport(std::FILE *In, ...): clangd ends
// at a message that is JSON, but not of the protocol. Ours does without it.
//===----------------------------------------------------------------------===//

/// Stands for std::unique_ptr<Transport>, of whose type we only have the name.
struct AnyTransport {
  Transport *Owned;
  ~AnyTransport() {}
};

#define SYMBOL                                                                 \
  "_ZN5clang6clangd16newJSONTransportEP8_IO_FILERN4llvm11raw_ostreamEPS4_"     \
  "bNS0_15JSONStreamStyleE"
AnyTransport clangdTransport(std::FILE *In, raw_ostream &Out,
                             raw_ostream *Mirror, bool Pretty,
                             JSONStreamStyle Style) REAL(SYMBOL);
AnyTransport raceTransport(std::FILE *In, raw_ostream &Out, raw_ostream *Mirror,
                           bool Pretty, JSONStreamStyle Style) WRAPPED(SYMBOL);
#undef SYMBOL

AnyTransport raceTransport(std::FILE *In, raw_ostream &Out, raw_ostream *Mirror,
                           bool Pretty, JSONStreamStyle Style) {
  // The other style is for clangd's own tests.
  bool Standard = Style == JSONStreamStyle(0);
  return clangdTransport(Standard ? race::withoutMalformed(In) : In, Out,
                         Mirror, Pretty, Style);
}

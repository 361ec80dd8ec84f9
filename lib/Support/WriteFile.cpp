//===- WriteFile.cpp - A file, whole or not at all ------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/WriteFile.h"
#include "race/Support/Failure.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

static Error about(StringRef File, Error E) {
  return race::failure(File + ": " + toString(std::move(E)));
}

Error race::writeWholeFile(StringRef File, StringRef Text) {
  // What is no plain file (a pipe, /dev/stdout) cannot be renamed over.
  sys::fs::file_status Status;
  if (!sys::fs::status(File, Status) &&
      Status.type() != sys::fs::file_type::regular_file) {
    std::error_code EC;
    raw_fd_ostream OS(File, EC);
    if (!EC) {
      OS << Text;
      OS.close();
      EC = OS.error();
      OS.clear_error();
    }
    return EC ? about(File, errorCodeToError(EC)) : Error::success();
  }
  Expected<sys::fs::TempFile> Temp =
      sys::fs::TempFile::create(File + ".%%%%%%%%.tmp");
  if (!Temp) {
    // It speaks of a name that nobody has heard of.
    std::error_code EC = errorToErrorCode(Temp.takeError());
    return about(File, errorCodeToError(EC));
  }
  std::error_code EC;
  {
    raw_fd_ostream OS(Temp->FD, /*shouldClose=*/false);
    OS << Text;
    OS.flush();
    EC = OS.error();
    OS.clear_error();
  }
  if (EC) {
    consumeError(Temp->discard());
    return about(File, errorCodeToError(EC));
  }
  if (Error E = Temp->keep(File)) {
    consumeError(Temp->discard());
    return about(File, std::move(E));
  }
  return Error::success();
}

//===- LLVMVersion.h - Differences between LLVM versions --------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The one place that knows of differences between LLVM versions. To support
// another version, add it here and mend what the compiler then names.

#include "llvm/Config/llvm-config.h"

#if LLVM_VERSION_MAJOR != 19
#error "race-tidy is made for LLVM 19: install Debian's libclang-19-dev"
#endif

/// Where clang-tidy keeps its registry of modules; folded into
/// ClangTidyModule.h in LLVM 22.
#if LLVM_VERSION_MAJOR < 22
#define RACE_CLANG_TIDY_REGISTRY_HEADER "clang-tidy/ClangTidyModuleRegistry.h"
#else
#define RACE_CLANG_TIDY_REGISTRY_HEADER "clang-tidy/ClangTidyModule.h"
#endif

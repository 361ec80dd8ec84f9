//===- ModelReader.h - Reads a model document -------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_MODELS_MODELREADER_H
#define RACE_LIB_MODELS_MODELREADER_H

#include "YamlReader.h"
#include "race/Models/ModelsYaml.h"
#include "llvm/ADT/StringMap.h"

namespace race {

/// Reads one document. The members are what is needed while a function is
/// read; each read* has the value of one key.
class ModelReader {
public:
  explicit ModelReader(llvm::MemoryBufferRef Yaml)
      : R(Yaml), Source(Yaml.getBufferIdentifier().str()) {}

  llvm::Expected<ModelDocument> run() {
    if (llvm::Error E = R.run([&](llvm::yaml::Node &N) { return readRoot(N); }))
      return std::move(E);
    return std::move(Doc);
  }

private:
  bool readRoot(llvm::yaml::Node &N);
  bool readFunction(llvm::yaml::Node &N, llvm::ArrayRef<std::string> Types);
  bool readType(llvm::yaml::Node &N);
  bool readNames(llvm::yaml::Node &N,
                 llvm::SmallVectorImpl<std::string> &Names);
  bool readParameters(llvm::yaml::Node &N, FunctionModel &F);
  bool readHandBack(llvm::yaml::Node &N, FunctionModel &F);
  bool readAcquire(llvm::yaml::Node &N, FunctionModel &F);
  bool readLock(llvm::yaml::Node &N, FunctionModel &F);
  bool readContainer(llvm::yaml::Node &N, FunctionModel &F);
  bool readStart(llvm::yaml::Node &N, FunctionModel &F);
  bool readPlace(llvm::yaml::Node &N, llvm::StringRef Key, Place &P);
  bool readText(llvm::yaml::Node &N, llvm::StringRef Key, std::string &Out);
  void noteThis(llvm::SMLoc Loc) {
    if (!FirstThis.isValid())
      FirstThis = Loc;
  }

  YamlReader R;
  std::string Source;
  ModelDocument Doc;
  /// Where the function that is being read first speaks of 'this'.
  llvm::SMLoc FirstThis;
  /// What the document has described, to find what it describes twice.
  llvm::StringMap<unsigned> Described;
};

/// The words for a lock's mode, which both functions and guards have.
inline constexpr YamlReader::Word<LockMode> LockModeWords[] = {
    {"exclusive", LockMode::Exclusive}, {"shared", LockMode::Shared}};

} // namespace race

#endif // RACE_LIB_MODELS_MODELREADER_H

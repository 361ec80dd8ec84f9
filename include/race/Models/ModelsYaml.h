//===- ModelsYaml.h - The text form of models -------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_MODELS_MODELSYAML_H
#define RACE_MODELS_MODELSYAML_H

#include "race/Models/Model.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace race {

/// What one YAML document says. Methods of types are among the functions.
struct ModelDocument {
  std::string Library;
  std::vector<FunctionModel> Functions;
  std::vector<TypeModel> Types;
};

/// The largest document that is read, in bytes.
constexpr size_t MaxModelBytes = 4u << 20;

/// Reads the document \p Yaml, in the format of docs/models.md. The source of
/// the models is the name of the buffer. An error is one line
/// "file:line:column: what is wrong", for the first thing that is wrong; it
/// names the key. Nothing is printed.
llvm::Expected<ModelDocument> parseModels(llvm::MemoryBufferRef Yaml);

} // namespace race

#endif // RACE_MODELS_MODELSYAML_H

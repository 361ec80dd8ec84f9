//===- YamlReader.h - Walks YAML and says what is wrong ---------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thin layer over llvm::yaml::Stream that knows nothing of models: mappings
// with known keys, lists, scalars, and one error with line and column. Every
// reading function returns false once an error is recorded; its caller then
// stops, since a half-read node of the stream must not be advanced.
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_MODELS_YAMLREADER_H
#define RACE_LIB_MODELS_YAMLREADER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include <initializer_list>
#include <optional>

namespace race {

class YamlReader {
public:
  using Node = llvm::yaml::Node;

  /// What a mapping may contain.
  struct Field {
    llvm::StringRef Key;
    bool Required;
    llvm::function_ref<bool(Node &)> Read;
  };

  /// One word for each value of an enumeration.
  template <typename T> struct Word {
    llvm::StringRef Text;
    T Value;
  };

  explicit YamlReader(llvm::MemoryBufferRef Ref);

  /// Reads the only document of the buffer with \p ReadRoot.
  /// \returns the first error as "file:line:column: message", or success.
  llvm::Error run(llvm::function_ref<bool(Node &)> ReadRoot);

  /// Reads the mapping \p N, called \p What in messages. Unknown, duplicate,
  /// empty and missing keys are errors.
  bool mapping(Node &N, const llvm::Twine &What,
               std::initializer_list<Field> Fields);

  /// Reads the elements of the list \p N, or \p N itself if it is none.
  bool oneOrList(Node &N, llvm::function_ref<bool(Node &)> Read);

  /// The text of the scalar \p N, the value of \p Key. An unquoted "*x", which
  /// YAML takes for an alias, is the text that it looks like.
  bool text(Node &N, llvm::StringRef Key, llvm::SmallVectorImpl<char> &Out);

  bool boolean(Node &N, llvm::StringRef Key, bool &Out);

  template <typename T>
  bool word(Node &N, llvm::StringRef Key, T &Out,
            llvm::ArrayRef<Word<T>> Words) {
    llvm::SmallString<32> Text;
    if (!text(N, Key, Text))
      return false;
    llvm::SmallVector<llvm::StringRef, 8> Known;
    for (const Word<T> &W : Words) {
      if (W.Text == Text.str()) {
        Out = W.Value;
        return true;
      }
      Known.push_back(W.Text);
    }
    return badWord(N, Key, Text, Known);
  }

  /// Records the error \p Message at \p Loc, unless there is one. Returns
  /// false, so that a reader can end with it.
  bool fail(llvm::SMLoc Loc, const llvm::Twine &Message);
  bool fail(const Node &N, const llvm::Twine &Message) {
    return fail(start(N), Message);
  }

  /// Where \p N begins. The stream has the place of the token after the
  /// bracket, tag or alias that begins a node.
  llvm::SMLoc start(const Node &N) const;

  /// Whether \p N is a scalar (or what only looks like an alias).
  static bool isScalar(const Node &N);

  /// \p Text for messages: in quotes, short, without control characters.
  static std::string quoted(llvm::StringRef Text);

private:
  bool badWord(Node &N, llvm::StringRef Key, llvm::StringRef Text,
               llvm::ArrayRef<llvm::StringRef> Known);
  bool checkEncoding();
  void failAt(unsigned Line, unsigned Column, const llvm::Twine &Message);
  static void onDiagnostic(const llvm::SMDiagnostic &D, void *Reader);

  /// A copy, since the scanner wants a null-terminated buffer.
  std::unique_ptr<llvm::MemoryBuffer> Buffer;
  llvm::SourceMgr SM;
  std::optional<std::string> FirstError;
};

} // namespace race

#endif // RACE_LIB_MODELS_YAMLREADER_H

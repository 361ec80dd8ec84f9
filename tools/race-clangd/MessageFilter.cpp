//===- MessageFilter.cpp - Keeps malformed messages from clangd -----------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MessageFilter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <unistd.h>

using namespace llvm;

namespace {
/// Takes the stream apart into messages, and hands on those that are sound.
class MessageFilter {
public:
  explicit MessageFilter(int File) : File(File) {}

  ssize_t read(char *To, size_t Size);

private:
  bool receive();
  bool take(size_t Begin, size_t Length);

  const int File;
  /// What came in, and what of it is to be read by clangd.
  std::string In, Out;
  size_t Given = 0;
};
} // namespace

/// Deeper JSON would exhaust the stack of who parses it.
static bool isDeep(StringRef Body) {
  constexpr unsigned Limit = 1000;
  unsigned Depth = 0;
  bool InString = false;
  for (size_t I = 0; I < Body.size(); ++I) {
    char C = Body[I];
    if (InString) {
      I += C == '\\';
      InString = C != '"';
    } else if (C == '"') {
      InString = true;
    } else if (C == '[' || C == '{') {
      if (++Depth > Limit)
        return true;
    } else if ((C == ']' || C == '}') && Depth > 0) {
      --Depth;
    }
  }
  return false;
}

/// Whether \p Body begins as nearly all clients write it, so that it need not
/// be parsed twice.
static bool beginsAsUsual(StringRef Body) {
  auto Consume = [&](StringRef Token) {
    return (Body = Body.ltrim()).consume_front(Token);
  };
  for (StringRef Token : {"{", "\"jsonrpc\"", ":", "\"2.0\"", ","})
    if (!Consume(Token))
      return false;
  return Consume("\"id\"") ||
         (Consume("\"method\"") && Consume(":") && Consume("\""));
}

/// Empty, or why clangd should not see \p Body.
static std::string whyNot(StringRef Body) {
  if (isDeep(Body))
    return "it is nested too deeply";
  if (beginsAsUsual(Body))
    return "";
  Expected<json::Value> Parsed = json::parse(Body);
  if (!Parsed)
    return toString(Parsed.takeError());
  const json::Object *Message = Parsed->getAsObject();
  if (!Message ||
      Message->getString("jsonrpc") != std::optional<StringRef>("2.0"))
    return "it is not of JSON-RPC 2.0";
  // clangd ends when it gets such a message.
  if (!Message->getString("method") && !Message->get("id"))
    return "it is neither a request nor an answer";
  return "";
}

/// Moves a message of \p Length bytes, whose headers are the first \p Begin of
/// In, to Out, unless it is malformed. \returns false at the end of the stream.
bool MessageFilter::take(size_t Begin, size_t Length) {
  while (In.size() < Begin + Length)
    if (!receive())
      return false;
  std::string Problem = whyNot(StringRef(In).substr(Begin, Length));
  if (Problem.empty())
    Out.assign(In, 0, Begin + Length);
  else
    errs() << "race-clangd: ignored a message: " << Problem << '\n';
  In.erase(0, Begin + Length);
  return true;
}

bool MessageFilter::receive() {
  char Buffer[1 << 16];
  ssize_t Got = ::read(File, Buffer, sizeof(Buffer));
  if (Got > 0)
    In.append(Buffer, Got);
  return Got > 0;
}

ssize_t MessageFilter::read(char *To, size_t Size) {
  while (Given == Out.size()) {
    Out.clear();
    Given = 0;
    // Header lines up to an empty one; clangd itself deals with odd ones.
    size_t Begin = 0, Length = 0;
    bool Complete = false;
    for (size_t At = 0; !Complete;) {
      size_t End = In.find('\n', At);
      if (End == std::string::npos) {
        if (receive())
          continue;
        // The end, or a signal: clangd asks errno.
        Out.swap(In);
        if (Out.empty())
          return errno == EINTR ? -1 : 0;
        break;
      }
      StringRef Line = StringRef(In).slice(At, End).trim();
      At = End + 1;
      if (Line.consume_front_insensitive("content-length:"))
        Line.trim().getAsInteger(10, Length);
      Begin = At;
      Complete = Line.empty();
    }
    // A message without a length, or of a gigabyte, is clangd's to refuse.
    if (!Complete || Length == 0 || Length > (1u << 30)) {
      if (Complete) {
        Out.assign(In, 0, Begin);
        In.erase(0, Begin);
      }
    } else if (!take(Begin, Length)) {
      Out.swap(In);
      In.clear();
      if (Out.empty())
        return 0;
    }
  }
  size_t Some = std::min(Size, Out.size() - Given);
  std::copy_n(Out.data() + Given, Some, To);
  Given += Some;
  return Some;
}

std::FILE *race::withoutMalformed(std::FILE *In) {
  cookie_io_functions_t Functions = {};
  Functions.read = [](void *Cookie, char *To, size_t Size) {
    return static_cast<MessageFilter *>(Cookie)->read(To, Size);
  };
  // Lives as long as the process, as its standard input does.
  static MessageFilter Filter(fileno(In));
  std::FILE *Filtered = fopencookie(&Filter, "r", Functions);
  return Filtered ? Filtered : In;
}

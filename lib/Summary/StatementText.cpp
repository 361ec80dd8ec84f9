//===- StatementText.cpp - Statements for databases -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StatementText.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace race;

using Words = llvm::SmallVector<llvm::StringRef, 16>;

/// The words of \p Text: names, and `%s` and the like as they stand.
static Words wordsOfStatement(llvm::StringRef Text) {
  Words Result;
  while (!Text.empty()) {
    size_t Length = 0;
    while (Length < Text.size() &&
           (llvm::isAlnum(Text[Length]) || Text[Length] == '_' ||
            Text[Length] == '%' || Text[Length] == '.' || Text[Length] == ':'))
      ++Length;
    if (Length)
      Result.push_back(Text.take_front(Length));
    Text = Text.drop_front(Length ? Length : 1);
  }
  return Result;
}

static size_t find(const Words &In, llvm::StringRef Word) {
  return llvm::find_if(
             In,
             [&](llvm::StringRef W) { return W.equals_insensitive(Word); }) -
         In.begin();
}

static bool has(const Words &In, llvm::StringRef Word) {
  return find(In, Word) < In.size();
}

/// The name that stands after \p Word, without its schema.
static std::string nameAfter(const Words &In, llvm::StringRef Word) {
  size_t At = find(In, Word) + 1;
  if (At >= In.size())
    return "";
  return In[At].rsplit('.').second.empty() ? In[At].lower()
                                           : In[At].rsplit('.').second.lower();
}

static std::optional<Statement> readSql(const Words &In, bool Serial) {
  Statement S;
  S.Verb = In[0].upper();
  if (S.Verb == "SELECT") {
    // Rows and names that a transaction locks.
    if (has(In, "SHARE") || has(In, "pg_advisory_xact_lock") ||
        has(In, "pg_advisory_lock") || has(In, "GET_LOCK") ||
        (has(In, "FOR") && has(In, "UPDATE")))
      S.Kind = Statement::Begins;
    else
      S.Table = nameAfter(In, "FROM");
    return S.Kind == Statement::Asks && S.Table.empty()
               ? std::nullopt
               : std::optional<Statement>(S);
  }
  if (S.Verb == "INSERT" || S.Verb == "REPLACE") {
    S.Table = nameAfter(In, "INTO");
    bool Settles = S.Verb == "REPLACE" || has(In, "IGNORE") ||
                   has(In, "CONFLICT") || has(In, "DUPLICATE") ||
                   has(In, "SELECT") || has(In, "EXISTS") ||
                   (has(In, "OR") && has(In, "REPLACE"));
    S.Kind = Settles ? Statement::Settles : Statement::Adds;
    return S.Table.empty() ? std::nullopt : std::optional<Statement>(S);
  }
  if (S.Verb == "BEGIN" || S.Verb == "START" || S.Verb == "LOCK" ||
      S.Verb == "SET") {
    // By default, most databases let two transactions read the same absence.
    S.Kind = Statement::Begins;
    bool KeepsOut = (Serial && S.Verb == "BEGIN") || S.Verb == "LOCK" ||
                    has(In, "SERIALIZABLE");
    return KeepsOut ? std::optional<Statement>(S) : std::nullopt;
  }
  if (S.Verb == "COMMIT" || S.Verb == "ROLLBACK" || S.Verb == "END") {
    S.Kind = Statement::Ends;
    return S;
  }
  return std::nullopt;
}

static std::optional<Statement> readRedis(const Words &In) {
  Statement S;
  S.Verb = In[0].upper();
  if (In.size() > 1 && !In[1].contains('%'))
    S.Table = In[1].str();
  for (llvm::StringRef Asks :
       {"GET", "EXISTS", "HGET", "HEXISTS", "SISMEMBER", "LLEN", "SCARD"})
    if (S.Verb == Asks)
      return S;
  for (llvm::StringRef Sets : {"SET", "HSET", "SETEX", "PSETEX", "HMSET"})
    if (S.Verb == Sets) {
      S.Kind = has(In, "NX") ? Statement::Settles : Statement::Adds;
      return S;
    }
  if (S.Verb == "WATCH") {
    S.Kind = Statement::Begins;
    return S;
  }
  if (S.Verb == "EXEC" || S.Verb == "DISCARD" || S.Verb == "UNWATCH") {
    S.Kind = Statement::Ends;
    return S;
  }
  return std::nullopt;
}

std::optional<Statement> race::readStatement(llvm::StringRef Text,
                                             StatementLanguage Language) {
  Words In = wordsOfStatement(Text);
  if (In.empty())
    return std::nullopt;
  if (Language == StatementLanguage::Redis)
    return readRedis(In);
  return readSql(In, Language == StatementLanguage::SerialSql);
}

bool race::startsStatement(llvm::StringRef Text) {
  Text = Text.ltrim();
  return Text.starts_with_insensitive("select ") ||
         Text.starts_with_insensitive("insert into ");
}

static llvm::StringRef literalIn(const Stmt *S, unsigned Depth) {
  if (!S || Depth > 16)
    return {};
  if (const auto *L = dyn_cast<StringLiteral>(S))
    return L->getCharByteWidth() == 1 ? L->getString() : llvm::StringRef();
  if (const auto *R = dyn_cast<DeclRefExpr>(S)) {
    const auto *V = dyn_cast<VarDecl>(R->getDecl());
    return V && V->hasInit() ? literalIn(V->getInit(), Depth + 1)
                             : llvm::StringRef();
  }
  for (const Stmt *Child : S->children())
    if (llvm::StringRef Found = literalIn(Child, Depth + 1); !Found.empty())
      return Found;
  return {};
}

llvm::StringRef race::literalIn(const Expr *E) { return ::literalIn(E, 0); }

//===- NameTable.cpp - Finds the pattern that a declaration fits ----------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NameTable.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace race;

/// The start of the last part if it is an operator's name, which may contain
/// anything ("operator std::string").
static size_t operatorStart(StringRef Name) {
  auto IsOperator = [](StringRef Part) {
    return Part.consume_front("operator") &&
           (Part.empty() || !(isAlnum(Part[0]) || Part[0] == '_'));
  };
  if (IsOperator(Name))
    return 0;
  for (size_t At = Name.find("::"); At != StringRef::npos;
       At = Name.find("::", At + 2))
    if (IsOperator(Name.drop_front(At + 2)))
      return At + 2;
  return StringRef::npos;
}

NamePattern::NamePattern(StringRef Name) {
  size_t Operator = operatorStart(Name);
  StringRef Rest = Name.take_front(Operator);
  if (Operator != StringRef::npos)
    Rest.consume_back("::");
  if (!Rest.empty())
    Rest.split(Parts, "::");
  if (Operator != StringRef::npos)
    Parts.push_back(Name.drop_front(Operator));
  Weight = Name.size();
  for (StringRef Part : Parts)
    if (isGlob(Part))
      Weight -= Part.count('*');
}

StringRef NamePattern::whyInvalid(StringRef Name) {
  size_t Operator = operatorStart(Name);
  StringRef Rest = Name.take_front(Operator);
  if (Operator != StringRef::npos) {
    if (Name.size() == Operator + StringRef("operator").size())
      return "lacks the operator";
    if (Operator == 0)
      return {};
    Rest.consume_back("::");
  }
  SmallVector<StringRef, 4> Parts;
  Rest.split(Parts, "::");
  for (StringRef Part : Parts) {
    if (Part.empty())
      return "has an empty part";
    if (Part.contains('<'))
      return "has template arguments; leave them out";
    Part.consume_front("~");
    for (unsigned char C : Part)
      if (!isAlnum(C) && C != '_' && C != '*' && C != '$' && C < 0x80)
        return "is no qualified name";
  }
  return {};
}

std::string NamePattern::member(StringRef Type, StringRef Method) {
  StringRef Last = NamePattern(Type).last();
  if (Method == "constructor")
    return (Type + "::" + Last).str();
  if (Method == "destructor")
    return (Type + "::~" + Last).str();
  return (Type + "::" + Method).str();
}

bool NamePattern::isGlob(StringRef Part) {
  // In "operator*" the star is the name; "operator *" is every conversion.
  if (Part.starts_with("operator") && Part.size() > 8 && !isAlnum(Part[8]) &&
      Part[8] != '_')
    return Part == "operator *";
  return Part.contains('*');
}

bool NamePattern::partMatches(StringRef Pattern, StringRef Text) {
  if (!isGlob(Pattern))
    return Pattern == Text;
  // The usual two-finger match: on a mismatch the last star takes one more.
  size_t P = 0, T = 0, Star = StringRef::npos, Mark = 0;
  while (T < Text.size()) {
    if (P < Pattern.size() && Pattern[P] == '*') {
      Star = P++;
      Mark = T;
    } else if (P < Pattern.size() && Pattern[P] == Text[T]) {
      ++P;
      ++T;
    } else if (Star != StringRef::npos) {
      P = Star + 1;
      T = ++Mark;
    } else {
      return false;
    }
  }
  return Pattern.drop_front(P).ltrim('*').empty();
}

bool NamePattern::matches(StringRef Name, const clang::NamedDecl *D) const {
  if (!partMatches(Parts.back(), Name))
    return false;
  if (!D)
    return true;
  const clang::DeclContext *Context = D->getDeclContext();
  SmallString<16> Storage;
  for (StringRef Part : reverse(ArrayRef(Parts).drop_back())) {
    const clang::NamedDecl *Outer = enclosingPart(Context);
    if (!Outer || !partMatches(Part, lastPart(Outer, Storage)))
      return false;
  }
  return !enclosingPart(Context);
}

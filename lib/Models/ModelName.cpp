//===- ModelName.cpp - The names that models use for declarations ---------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NameTable.h"
#include "race/Models/Models.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/OperatorKinds.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;
using namespace race;
using llvm::SmallVectorImpl;
using llvm::StringRef;

static StringRef stored(const llvm::Twine &Text,
                        SmallVectorImpl<char> &Storage) {
  Storage.clear();
  return Text.toStringRef(Storage);
}

StringRef race::lastPart(const NamedDecl *D, SmallVectorImpl<char> &Storage) {
  DeclarationName Name = D->getDeclName();
  switch (Name.getNameKind()) {
  case DeclarationName::Identifier:
    if (const IdentifierInfo *II = Name.getAsIdentifierInfo())
      return II->getName();
    // An unnamed C struct is known by its typedef.
    if (const auto *Tag = dyn_cast<TagDecl>(D))
      if (const TypedefNameDecl *Typedef = Tag->getTypedefNameForAnonDecl())
        return Typedef->getName();
    return {};
  case DeclarationName::CXXConstructorName:
  case DeclarationName::CXXDestructorName: {
    // Not the printed name: that has template arguments.
    const auto *Class = cast<NamedDecl>(D->getDeclContext());
    StringRef ClassName = Class->getDeclName().isIdentifier() &&
                                  Class->getDeclName().getAsIdentifierInfo()
                              ? Class->getName()
                              : StringRef();
    if (Name.getNameKind() == DeclarationName::CXXConstructorName)
      return ClassName;
    return stored(llvm::Twine("~") + ClassName, Storage);
  }
  case DeclarationName::CXXConversionFunctionName: {
    Storage.clear();
    llvm::raw_svector_ostream OS(Storage);
    OS << "operator ";
    Name.getCXXNameType().print(OS, D->getASTContext().getPrintingPolicy());
    return OS.str();
  }
  case DeclarationName::CXXOperatorName: {
    StringRef Spelling = getOperatorSpelling(Name.getCXXOverloadedOperator());
    bool IsWord = isLetter(Spelling.front());
    return stored(llvm::Twine("operator") + (IsWord ? " " : "") + Spelling,
                  Storage);
  }
  case DeclarationName::CXXDeductionGuideName:
  case DeclarationName::CXXLiteralOperatorName:
  case DeclarationName::CXXUsingDirective:
  case DeclarationName::ObjCZeroArgSelector:
  case DeclarationName::ObjCOneArgSelector:
  case DeclarationName::ObjCMultiArgSelector:
    return {};
  }
  return {};
}

const NamedDecl *race::enclosingPart(const DeclContext *&Context) {
  while (Context && !Context->isTranslationUnit()) {
    const DeclContext *Here = Context;
    Context = Context->getParent();
    if (const auto *Namespace = dyn_cast<NamespaceDecl>(Here)) {
      if (Namespace->isInline() || Namespace->isAnonymousNamespace())
        continue;
      return Namespace;
    }
    // Language linkage, export blocks and unscoped enumerations have no say in
    // the name.
    if (const auto *Enum = dyn_cast<EnumDecl>(Here); Enum && !Enum->isScoped())
      continue;
    if (const auto *Named = dyn_cast<NamedDecl>(Here))
      return Named;
  }
  return nullptr;
}

std::string Models::modelName(const NamedDecl *D) {
  constexpr StringRef Unnamed = "(unnamed)";
  llvm::SmallVector<const NamedDecl *, 8> Outer;
  const DeclContext *Context = D->getDeclContext();
  while (const NamedDecl *Part = enclosingPart(Context))
    Outer.push_back(Part);
  llvm::SmallString<128> Name;
  llvm::SmallString<32> Storage;
  auto Append = [&](const NamedDecl *Part) {
    StringRef Text = lastPart(Part, Storage);
    Name += Text.empty() ? Unnamed : Text;
  };
  for (const NamedDecl *Part : llvm::reverse(Outer)) {
    Append(Part);
    Name += "::";
  }
  Append(D);
  return std::string(Name);
}

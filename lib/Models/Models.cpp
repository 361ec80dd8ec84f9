//===- Models.cpp - The set of models in force ----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Models/Models.h"
#include "NameTable.h"
#include "race/Models/ModelsYaml.h"
#include "race/Models/Presets.h"
#include "race/Support/Failure.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Type.h"
#include "clang/Basic/IdentifierTable.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"
#include <map>
#include <mutex>

using namespace clang;
using namespace race;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

namespace {

/// Function and type models, and what they were read from.
struct Tables {
  NameTable<FunctionModel> Functions;
  NameTable<TypeModel> Types;
  unsigned Documents = 0;
  uint64_t Fingerprint = 0;

  Error add(llvm::MemoryBufferRef Yaml) {
    Expected<ModelDocument> Doc = parseModels(Yaml);
    if (!Doc)
      return Doc.takeError();
    ++Documents;
    for (FunctionModel &F : Doc->Functions)
      Functions.add(std::move(F), Documents);
    for (TypeModel &T : Doc->Types)
      Types.add(std::move(T), Documents);
    // Not hash_combine, which differs from one process to the next.
    uint64_t Parts[] = {Fingerprint, llvm::xxh3_64bits(Yaml.getBuffer())};
    Fingerprint = llvm::xxh3_64bits(llvm::ArrayRef(
        reinterpret_cast<const uint8_t *>(Parts), sizeof(Parts)));
    return Error::success();
  }
};

/// The tables of the presets with the given texts.
std::shared_ptr<const Tables> presetTables(llvm::ArrayRef<std::string> Texts) {
  // Parsing costs milliseconds, which is much beside a small C file: each
  // choice is parsed once. An editor asks from several threads.
  static std::mutex Lock;
  static std::map<std::vector<std::string>, std::shared_ptr<const Tables>>
      Parsed;
  std::lock_guard<std::mutex> Guard(Lock);
  std::shared_ptr<const Tables> &Entry = Parsed[Texts.vec()];
  if (Entry)
    return Entry;
  auto New = std::make_shared<Tables>();
  llvm::ArrayRef<Preset> All = embeddedPresets();
  for (unsigned I = 0; I < All.size(); ++I) {
    if (Texts[I].empty())
      continue;
    if (Error E = New->add({Texts[I], All[I].Name})) {
      assert(false && "a preset does not parse");
      llvm::consumeError(std::move(E));
    }
  }
  return Entry = New;
}

/// The name of \p T for FunctionModel::Parameters: each typedef name on the
/// way, and what it ends at. \returns whether one of them is \p Wanted.
bool isTypeNamed(QualType T, StringRef Wanted) {
  while (true) {
    T = T.getNonReferenceType();
    if (const auto *Typedef = dyn_cast<TypedefType>(T.getTypePtr()))
      if (Models::modelName(Typedef->getDecl()) == Wanted)
        return true;
    if (T->isPointerType()) {
      T = T->getPointeeType();
      continue;
    }
    if (const auto *Array = dyn_cast<ArrayType>(T.getTypePtr())) {
      T = Array->getElementType();
      continue;
    }
    QualType Next = T->getLocallyUnqualifiedSingleStepDesugaredType();
    if (Next.getTypePtr() == T.getTypePtr())
      break;
    T = Next;
  }
  if (const auto *Builtin = dyn_cast<BuiltinType>(T.getTypePtr())) {
    LangOptions LO;
    LO.CPlusPlus = true;
    LO.Bool = true;
    return Builtin->getName(PrintingPolicy(LO)) == Wanted;
  }
  if (const auto *Tag = T->getAs<TagType>())
    return Models::modelName(Tag->getDecl()) == Wanted;
  if (const auto *Template = T->getAs<TemplateSpecializationType>())
    if (const TemplateDecl *D = Template->getTemplateName().getAsTemplateDecl())
      return Models::modelName(D) == Wanted;
  return false;
}

bool hasParameters(const FunctionModel &Model, const FunctionDecl *F) {
  if (!Model.Parameters)
    return true;
  llvm::ArrayRef<std::string> Types = *Model.Parameters;
  bool More = !Types.empty() && Types.back() == "...";
  if (More)
    Types = Types.drop_back();
  if (More ? Types.size() > F->getNumParams()
           : Types.size() != F->getNumParams())
    return false;
  for (unsigned I = 0; I != Types.size(); ++I)
    if (const std::string &Type = Types[I]; !Type.empty())
      if (!isTypeNamed(F->getParamDecl(I)->getType(), Type))
        return false;
  return true;
}

/// The class of the base \p Base, also where it depends on a template's
/// parameters: then the primary template.
const CXXRecordDecl *baseClass(const CXXBaseSpecifier &Base) {
  if (const CXXRecordDecl *R = Base.getType()->getAsCXXRecordDecl())
    return R->getDefinition() ? R->getDefinition() : R;
  const auto *T = Base.getType()->getAs<TemplateSpecializationType>();
  const TemplateDecl *D =
      T ? T->getTemplateName().getAsTemplateDecl() : nullptr;
  const auto *R =
      D ? dyn_cast_or_null<CXXRecordDecl>(D->getTemplatedDecl()) : nullptr;
  return R && R->getDefinition() ? R->getDefinition() : R;
}

const CXXMethodDecl *asMethod(const NamedDecl *D) {
  if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D))
    D = Template->getTemplatedDecl();
  return dyn_cast<CXXMethodDecl>(D);
}

} // namespace

struct Models::Impl {
  /// Shared by all that start from the presets, null for those that do not.
  std::shared_ptr<const Tables> Presets;
  Tables Own;
  llvm::DenseMap<const FunctionDecl *, const FunctionModel *> FunctionCache;
  llvm::DenseMap<const RecordDecl *, const TypeModel *> RecordCache;
  llvm::DenseMap<const Type *, const TypeModel *> TypeCache;

  void forget() {
    FunctionCache.clear();
    RecordCache.clear();
    TypeCache.clear();
  }

  const FunctionModel *findFunction(StringRef Last, const FunctionDecl *F) {
    auto Fits = [F](const FunctionModel &M) { return hasParameters(M, F); };
    if (const FunctionModel *M = Own.Functions.find(Last, F, Fits))
      return M;
    return Presets ? Presets->Functions.find(Last, F, Fits) : nullptr;
  }

  const TypeModel *findType(const NamedDecl *D) {
    llvm::SmallString<32> Storage;
    StringRef Last = lastPart(D, Storage);
    auto Fits = [](const TypeModel &) { return true; };
    if (Last.empty())
      return nullptr;
    if (const TypeModel *M = Own.Types.find(Last, D, Fits))
      return M;
    return Presets ? Presets->Types.find(Last, D, Fits) : nullptr;
  }

  const FunctionModel *lookup(const FunctionDecl *F);
  const FunctionModel *lookupInBases(const CXXMethodDecl *M);
  const FunctionModel *lookupHidden(const CXXMethodDecl *M,
                                    const CXXRecordDecl *Class);
  const TypeModel *lookup(const RecordDecl *R);
  const TypeModel *lookup(QualType T);
};

const FunctionModel *Models::Impl::lookup(const FunctionDecl *F) {
  F = F->getCanonicalDecl();
  auto [Known, IsNew] = FunctionCache.try_emplace(F, nullptr);
  if (!IsNew)
    return Known->second;
  llvm::SmallString<64> Storage;
  StringRef Last = lastPart(F, Storage);
  if (Last.empty())
    return nullptr;
  const FunctionModel *Found = nullptr;
  if (Own.Functions.mayHave(Last) ||
      (Presets && Presets->Functions.mayHave(Last))) {
    Found = findFunction(Last, F);
    if (const auto *M = dyn_cast<CXXMethodDecl>(F); M && !Found)
      Found = lookupInBases(M);
  }
  // Not through Known: lookups of base methods may have moved it.
  return FunctionCache[F] = Found;
}

const FunctionModel *Models::Impl::lookupInBases(const CXXMethodDecl *M) {
  // A constructor or destructor means what its own class means.
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(M))
    return nullptr;
  for (const CXXMethodDecl *Overridden : M->overridden_methods())
    if (const FunctionModel *Found = lookup(Overridden))
      return Found;
  return lookupHidden(M, M->getParent());
}

/// A method that hides one of a base class does the same by another way.
const FunctionModel *Models::Impl::lookupHidden(const CXXMethodDecl *M,
                                                const CXXRecordDecl *Class) {
  Class = Class->getDefinition();
  if (!Class)
    return nullptr;
  for (const CXXBaseSpecifier &Specifier : Class->bases()) {
    const CXXRecordDecl *Base = baseClass(Specifier);
    if (!Base || !Base->hasDefinition() || Base == Class)
      continue;
    for (const NamedDecl *D : Base->lookup(M->getDeclName()))
      if (const CXXMethodDecl *InBase = asMethod(D);
          InBase && InBase->getNumParams() == M->getNumParams())
        if (const FunctionModel *Found = lookup(InBase))
          return Found;
    if (const FunctionModel *Found = lookupHidden(M, Base))
      return Found;
  }
  return nullptr;
}

const TypeModel *Models::Impl::lookup(const RecordDecl *R) {
  if (const RecordDecl *Definition = R->getDefinition())
    R = Definition;
  auto [Known, IsNew] = RecordCache.try_emplace(R, nullptr);
  if (!IsNew)
    return Known->second;
  const TypeModel *Found = findType(R);
  const auto *Class = dyn_cast<CXXRecordDecl>(R);
  if (!Found && Class && Class->hasDefinition())
    for (const CXXBaseSpecifier &Base : Class->bases()) {
      // What is inherited in private is how it is made, not what it is.
      if (Base.getAccessSpecifier() == AS_private)
        continue;
      const CXXRecordDecl *BaseClass = baseClass(Base);
      Found = BaseClass ? lookup(BaseClass) : nullptr;
      if (Found)
        break;
    }
  return RecordCache[R] = Found;
}

const TypeModel *Models::Impl::lookup(QualType T) {
  T = T.getNonReferenceType();
  const Type *Key = T.getTypePtr();
  auto [Known, IsNew] = TypeCache.try_emplace(Key, nullptr);
  if (!IsNew)
    return Known->second;
  const TypeModel *Found = nullptr;
  while (!Found) {
    const Type *Now = T.getTypePtr();
    if (const auto *Typedef = dyn_cast<TypedefType>(Now)) {
      Found = findType(Typedef->getDecl());
    } else if (const auto *Record = dyn_cast<RecordType>(Now)) {
      Found = lookup(Record->getDecl());
    } else if (const auto *Injected = dyn_cast<InjectedClassNameType>(Now)) {
      Found = lookup(Injected->getDecl());
    } else if (const auto *Spec = dyn_cast<TemplateSpecializationType>(Now)) {
      const TemplateDecl *D = Spec->getTemplateName().getAsTemplateDecl();
      const auto *R =
          D ? dyn_cast_or_null<CXXRecordDecl>(D->getTemplatedDecl()) : nullptr;
      // An alias template has a name of its own, a class template that
      // depends on parameters only this one.
      if (R && Spec->isDependentType())
        Found = lookup(R);
      else if (D)
        Found = findType(D);
    }
    QualType Next = T->getLocallyUnqualifiedSingleStepDesugaredType();
    Next = Next.getNonReferenceType();
    if (Next.getTypePtr() == Now)
      break;
    T = Next;
  }
  return TypeCache[Key] = Found;
}

Models::Models() : I(std::make_unique<Impl>()) {}
Models::~Models() = default;
Models::Models(Models &&) noexcept = default;
Models &Models::operator=(Models &&) noexcept = default;

Models Models::withPresets() {
  Models M;
  std::vector<std::string> Texts;
  for (const Preset &P : embeddedPresets())
    Texts.push_back(P.Yaml.str());
  M.I->Presets = presetTables(Texts);
  return M;
}

Models Models::withPresetsFor(const clang::IdentifierTable &Seen) {
  // A precompiled header brings identifiers that the table does not show.
  if (Seen.getExternalIdentifierLookup())
    return withPresets();
  std::vector<std::string> Texts;
  for (const Preset &P : embeddedPresets())
    Texts.push_back(relevantPart(P.Yaml, Seen));
  Models M;
  M.I->Presets = presetTables(Texts);
  return M;
}

Error Models::add(llvm::MemoryBufferRef Yaml) {
  if (Error E = I->Own.add(Yaml))
    return E;
  I->forget();
  return Error::success();
}

Error Models::addFile(StringRef Path) {
  auto Fail = [&](const llvm::Twine &Why) {
    return failure(Path + ": " + Why);
  };
  llvm::sys::fs::file_status Status;
  if (std::error_code EC = llvm::sys::fs::status(Path, Status))
    return Fail(EC.message());
  // A pipe or a device could keep the tool waiting for ever.
  if (!llvm::sys::fs::is_regular_file(Status))
    return Fail("not a regular file");
  if (Status.getSize() > MaxModelBytes)
    return Fail("larger than " + llvm::Twine(MaxModelBytes >> 20) + " MiB");
  auto Buffer = llvm::MemoryBuffer::getFile(Path);
  if (!Buffer)
    return Fail(Buffer.getError().message());
  return add((*Buffer)->getMemBufferRef());
}

std::string Models::findUserFile(StringRef SourceFile) {
  llvm::SmallString<256> Folder(SourceFile);
  if (llvm::sys::fs::make_absolute(Folder))
    return {};
  llvm::sys::path::remove_dots(Folder, /*remove_dot_dot=*/true);
  while (llvm::sys::path::has_relative_path(Folder)) {
    llvm::sys::path::remove_filename(Folder);
    llvm::SmallString<256> File(Folder);
    llvm::sys::path::append(File, ".race-models.yaml");
    if (llvm::sys::fs::is_regular_file(File))
      return std::string(File);
  }
  return {};
}

std::vector<std::string> Models::filesFor(StringRef SourceFile,
                                          StringRef Option) {
  std::vector<std::string> Files;
  if (std::string Own = findUserFile(SourceFile); !Own.empty())
    Files.push_back(std::move(Own));
  llvm::SmallVector<StringRef, 2> Named;
  Option.split(Named, ';', -1, /*KeepEmpty=*/false);
  for (StringRef File : Named)
    if (File = File.trim(); !File.empty() && !llvm::is_contained(Files, File))
      Files.push_back(File.str());
  return Files;
}

const FunctionModel *Models::lookup(const FunctionDecl *F) const {
  return F ? I->lookup(F) : nullptr;
}

const TypeModel *Models::lookup(const RecordDecl *R) const {
  return R ? I->lookup(R) : nullptr;
}

const TypeModel *Models::lookup(QualType T) const {
  return T.isNull() ? nullptr : I->lookup(T);
}

void Models::forgetDeclarations() { I->forget(); }

uint64_t Models::fingerprint() const {
  uint64_t Parts[] = {I->Presets ? I->Presets->Fingerprint : 0,
                      I->Own.Fingerprint};
  return llvm::xxh3_64bits(
      llvm::ArrayRef(reinterpret_cast<const uint8_t *>(Parts), sizeof(Parts)));
}

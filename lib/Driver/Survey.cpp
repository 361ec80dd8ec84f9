//===- Survey.cpp - What a program's own code means -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Survey.h"
#include "race/Driver/Extract.h"
#include "race/Driver/Progress.h"
#include "race/Driver/TidyConfig.h"
#include "race/Models/Models.h"
#include "race/Summary/PoolFinder.h"
#include "race/Summary/TranslationUnit.h"
#include "race/Support/Paths.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/ThreadPool.h"
#include <mutex>
#include <set>

using namespace llvm;
using namespace race;
using clang::CXXMethodDecl;
using clang::CXXRecordDecl;
using clang::FunctionDecl;

namespace {

/// What is found in one unit.
struct UnitSurvey {
  std::map<std::string, SurveyItem> Types, Functions;
  std::set<std::string> Pools, Containers, Locks, Starters;
  /// What runs, and the places that see to it.
  std::map<std::string, std::set<std::string>> Threads, Callbacks;
};

/// Looks through one translation unit.
class Surveyor {
public:
  Surveyor(TranslationUnit &TU, StringRef Root, UnitSurvey &Out)
      : TU(TU), SM(TU.context().getSourceManager()), Root(Root), Out(Out) {}

  void run() {
    pools();
    containers();
    guards();
    locks();
    threads();
  }

private:
  void pools();
  void containers();
  void guards();
  void locks();
  void threads();

  /// Whether a model could say something new of \p F, and has a name for it.
  bool isOpen(const FunctionDecl *F) const {
    const auto *Method = dyn_cast<CXXMethodDecl>(F);
    return F->getDeclName().isIdentifier() && !F->isMain() &&
           !(Method && Method->getParent()->isLambda()) &&
           !TU.models().lookup(F);
  }
  std::string where(const clang::Decl *D) const {
    return " (" + show(anchorOf(D->getLocation(), SM)) + ")";
  }
  std::string show(const Anchor &A) const {
    return relativeTo(Root, A.File) + ":" + std::to_string(A.Line);
  }
  void add(const FunctionDecl *F, const std::string &Key,
           const std::string &Evidence, std::set<std::string> &Counted);

  TranslationUnit &TU;
  const clang::SourceManager &SM;
  StringRef Root;
  UnitSurvey &Out;
};

} // namespace

static void addOnce(std::vector<std::string> &Lines, const std::string &Line) {
  if (!is_contained(Lines, Line))
    Lines.push_back(Line);
}

/// Adds the model's \p Key to \p F, or to the type that it is a method of.
void Surveyor::add(const FunctionDecl *F, const std::string &Key,
                   const std::string &Evidence,
                   std::set<std::string> &Counted) {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  std::string Name = Models::modelName(
      Method ? cast<clang::NamedDecl>(Method->getParent()) : F);
  Counted.insert(Name);
  SurveyItem &Item = (Method ? Out.Types : Out.Functions)[Name];
  if (!Evidence.empty())
    addOnce(Item.Evidence, Evidence);
  std::vector<std::string> &Keys =
      Method ? Item.Methods[F->getNameAsString()] : Item.Keys;
  // One of each kind: overloads share their name.
  StringRef Kind = StringRef(Key).split(':').first;
  if (none_of(Keys, [&](StringRef K) { return K.split(':').first == Kind; }))
    Keys.push_back(Key);
}

void Surveyor::pools() {
  for (const PoolPut &P : findPools(TU.scan(), TU.poolNames())) {
    // A queue of work has the same shape, unless its function is called so.
    bool Sure = P.Certain || (P.Put->getDeclName().isIdentifier() &&
                              TU.poolNames().isRelease(P.Put->getName()));
    if (P.Why < Evidence::Structural || P.HandedOver || !Sure || !isOpen(P.Put))
      continue;
    add(P.Put,
        "hand-back: " +
            (P.Param < 0 ? "this" : "arg" + std::to_string(P.Param)),
        "a pool: " + P.Reason + where(P.Put), Out.Pools);
    clang::QualType Given = P.Get->getReturnType();
    std::set<std::string> SamePool;
    if (isOpen(P.Get) && !Given->isVoidType() && !Given->isBooleanType() &&
        !Given->isIntegerType())
      add(P.Get, "acquire: result", "", SamePool);
  }
}

/// "this" or "arg1" if \p P is a member of what stands there, or "".
static std::string holderOf(const AccessPath &P) {
  if (P.Steps.size() != 2 || P.Steps[0].Kind != PathStep::Deref ||
      P.Steps[1].Kind != PathStep::Field)
    return "";
  if (P.Root == AccessPath::This)
    return "this";
  return P.Root == AccessPath::Param ? "arg" + std::to_string(P.Index) : "";
}

void Surveyor::containers() {
  struct Use {
    const FunctionDecl *F;
    std::string Holder, Key, Lock;
    bool Query = false, Act = false;
  };
  struct Member {
    std::vector<Use> Uses;
    bool Unlocked = false;
  };
  MapVector<EntityId, Member> Members;
  for (const auto &Info : TU.scan().functions()) {
    const FunctionDecl *F = Info->Decl;
    if (isa<clang::CXXConstructorDecl, clang::CXXDestructorDecl>(F))
      continue;
    std::map<EntityId, Use> Here;
    for (const ContainerEffect &C : TU.effects().of(F).Containers) {
      std::string Holder = holderOf(C.Object);
      if (Holder.empty() || C.Of != StateKind::Container)
        continue;
      EntityId Field = C.Object.Steps[1].Entity;
      // A lock that is a member of the same object.
      auto *Lock = find_if(
          C.Locks, [&](const AccessPath &L) { return holderOf(L) == Holder; });
      if (Lock == C.Locks.end()) {
        Members[Field].Unlocked = true;
        continue;
      }
      Use &U = Here[Field];
      U.F = F;
      U.Holder = Holder;
      U.Lock = TU.names().display(Lock->Steps[1].Entity).str();
      U.Query |= C.Kind == ContainerOpModel::Query || C.Rechecks;
      U.Act |= C.Kind == ContainerOpModel::Act;
      if (C.Key && C.Key->Root == AccessPath::Param &&
          all_of(C.Key->Steps,
                 [](const PathStep &S) { return S.Kind == PathStep::Deref; }))
        U.Key = "arg" + std::to_string(C.Key->Index);
    }
    for (auto &[Field, U] : Here)
      if ((U.Query || U.Act) && isOpen(F))
        Members[Field].Uses.push_back(std::move(U));
  }
  for (const auto &Entry : Members) {
    const Member &M = Entry.second;
    StringRef Field = TU.names().display(Entry.first);
    // Somebody asks for a key, somebody changes one, and nobody does so without
    // the lock. Without keys it may be anything that has a lock and a list.
    auto Keyed = [&](bool Use::*Kind) {
      return any_of(M.Uses,
                    [&](const Use &U) { return U.*Kind && !U.Key.empty(); });
    };
    if (M.Unlocked || !Keyed(&Use::Query) || !Keyed(&Use::Act))
      continue;
    // Those who call the methods of a class are no operations of it.
    bool OfClass =
        any_of(M.Uses, [](const Use &U) { return U.Holder == "this"; });
    for (const Use &U : M.Uses) {
      const auto *Method = dyn_cast<CXXMethodDecl>(U.F);
      if ((OfClass && !Method) || (Method != nullptr) != (U.Holder == "this") ||
          (Method && Method->getAccess() == clang::AS_private))
        continue;
      std::string Type =
          Method ? Models::modelName(Method->getParent()) : std::string();
      if (Out.Pools.count(Type))
        continue;
      std::string Op = U.Query && U.Act ? "atomic" : U.Act ? "act" : "query";
      add(U.F,
          "container: {op: " + Op + (Method ? "" : ", object: " + U.Holder) +
              (U.Key.empty() ? "" : ", key: " + U.Key) + "}",
          "every operation on '" + Field.str() + "' holds '" + U.Lock + "'" +
              (Method ? where(Method->getParent()) : where(U.F)),
          Out.Containers);
      if (Method)
        for (const char *Key : {"kind: container", "synchronized: true"})
          addOnce(Out.Types[Type].Keys, Key);
    }
  }
}

/// Finds the classes whose constructor locks an argument and whose destructor
/// unlocks.
void Surveyor::guards() {
  for (const auto &Info : TU.scan().functions()) {
    const auto *F = dyn_cast<clang::CXXConstructorDecl>(Info->Decl);
    const CXXRecordDecl *R = F ? F->getParent() : nullptr;
    if (!R || !R->getDestructor() || TU.models().lookup(R) ||
        TU.models().lookup(F))
      continue;
    if (none_of(TU.effects().of(R->getDestructor()).Locks,
                [](const LockEffect &L) {
                  return L.Op == LockModel::Release &&
                         L.Mutex.Root == AccessPath::This;
                }))
      continue;
    for (const LockEffect &L : TU.effects().of(F).Locks) {
      if (L.Op != LockModel::Acquire || L.Mutex.Root != AccessPath::Param)
        continue;
      std::string Name = Models::modelName(R);
      SurveyItem &Item = Out.Types[Name];
      Out.Locks.insert(Name);
      addOnce(Item.Evidence, "a guard: its constructor locks its argument, its "
                             "destructor unlocks" +
                                 where(R));
      addOnce(Item.Keys, "kind: guard");
      if (L.Mutex.Index)
        addOnce(Item.Keys, "mutex: arg" + std::to_string(L.Mutex.Index));
      if (L.Mode == LockMode::Shared)
        addOnce(Item.Keys, "mode: shared");
      break;
    }
  }
}

void Surveyor::locks() {
  for (const auto &Info : TU.scan().functions()) {
    const FunctionDecl *F = Info->Decl;
    if (isa<clang::CXXConstructorDecl, clang::CXXDestructorDecl>(F) ||
        !isOpen(F))
      continue;
    for (const LockEffect &L : TU.effects().of(F).Locks) {
      std::string Holder = holderOf(L.Mutex);
      if (Holder.empty() || L.OwnedByResult || L.OnlyIf ||
          (L.Op != LockModel::Acquire && L.Op != LockModel::Release))
        continue;
      const auto *Method = dyn_cast<CXXMethodDecl>(F);
      if ((Method != nullptr) != (Holder == "this"))
        continue;
      std::string When = L.When == Outcome::True    ? ", when: true"
                         : L.When == Outcome::False ? ", when: false"
                                                    : "";
      bool Acquire = L.Op == LockModel::Acquire;
      add(F,
          std::string("lock: {op: ") + (Acquire ? "acquire" : "release") +
              (Method ? "" : ", mutex: " + Holder) +
              (L.Mode == LockMode::Shared ? ", mode: shared" : "") + When + "}",
          "'" + F->getNameAsString() + "' " +
              (Acquire ? "takes '" : "lets go of '") +
              TU.names().display(L.Mutex.Steps[1].Entity).str() + "'" +
              (Acquire ? " and leaves it taken" : "") + where(F),
          Out.Locks);
    }
  }
}

static StringRef inWords(ThreadStartModel::KindTy Kind) {
  switch (Kind) {
  case ThreadStartModel::Thread:
    return "thread";
  case ThreadStartModel::Task:
    return "task";
  case ThreadStartModel::Timer:
    return "timer";
  case ThreadStartModel::Signal:
    return "signal";
  case ThreadStartModel::Callback:
    return "callback";
  case ThreadStartModel::Parallel:
    return "parallel";
  case ThreadStartModel::Loop:
    return "loop";
  }
  llvm_unreachable("all kinds are listed");
}

void Surveyor::threads() {
  for (const FunctionSummary &S : TU.summary().Functions) {
    // What it runs of what its callers give to it.
    std::vector<std::string> Entries, Evidence;
    const auto *F =
        dyn_cast_or_null<FunctionDecl>(TU.entities().decl(S.Function));
    for (const StartSummary &Start : S.Starts) {
      std::string By = TU.names().display(S.Function).str();
      bool Loop = Start.Kind == ThreadStartModel::Loop;
      if (!Start.Through) {
        std::string Line = "'" + TU.names().display(Start.Callee).str() + "'";
        if (Line == "'lambda'")
          Line = "a lambda";
        Line += Loop ? " is called by an event loop"
                     : " runs as a " + inWords(Start.Kind).str();
        if (Start.Concurrent)
          Line += ", several at once";
        (Loop ? Out.Callbacks : Out.Threads)[Line].insert(
            (Loop ? ", registered by '" : ", started by '") + By + "' (" +
            show(Start.Place) + ")");
        continue;
      }
      auto Param = find(S.Params, Start.Callee);
      if (Param == S.Params.end() || !Start.Callee.isValid() || !F ||
          isa<clang::CXXConstructorDecl>(F) || !isOpen(F))
        continue;
      size_t Index = Param - S.Params.begin();
      addOnce(Entries, "{callable: arg" + std::to_string(Index) +
                           ", kind: " + inWords(Start.Kind).str() +
                           (Start.Concurrent ? ", concurrent: true" : "") +
                           "}");
      addOnce(Evidence,
              "'" + F->getNameAsString() + "' runs its argument " +
                  std::to_string(Index + 1) +
                  (Loop ? " from an event loop (" : " on another thread (") +
                  show(Start.Place) + ")");
    }
    for (const std::string &Why : Evidence)
      add(F,
          "start: " + (Entries.size() == 1 ? Entries.front()
                                           : "[" + join(Entries, ", ") + "]"),
          Why, Out.Starters);
  }
}

static void merge(std::map<std::string, SurveyItem> &Into,
                  const std::map<std::string, SurveyItem> &From) {
  for (const auto &[Name, Item] : From) {
    SurveyItem &All = Into[Name];
    for (const std::string &E : Item.Evidence)
      addOnce(All.Evidence, E);
    for (const std::string &K : Item.Keys)
      addOnce(All.Keys, K);
    for (const auto &[Method, Keys] : Item.Methods)
      All.Methods.try_emplace(Method, Keys);
  }
}

using Starts = std::map<std::string, std::set<std::string>>;

static void merge(Starts &Into, const Starts &From) {
  for (const auto &[What, By] : From)
    Into[What].insert(By.begin(), By.end());
}

/// One line for each, with the first place.
static std::vector<std::string> lines(const Starts &All) {
  std::vector<std::string> Lines;
  for (const auto &[What, By] : All) {
    size_t More = By.size() - 1;
    Lines.push_back(What + *By.begin() +
                    (More ? " and " + std::to_string(More) + " more" : ""));
  }
  return Lines;
}

Survey race::surveyProject(const Project &P, unsigned Jobs, bool Quiet,
                           raw_ostream &Log) {
  CrashRecoveryContext::Enable();
  std::vector<UnitSurvey> Parts(P.Units.size());
  std::vector<std::string> Problems(P.Units.size());
  {
    std::mutex Lock;
    TidyConfig Config("");
    Progress Bar(Log, "looking", P.Units.size(), Quiet);
    DefaultThreadPool Pool(Jobs ? hardware_concurrency(Jobs)
                                : hardware_concurrency());
    for (size_t I = 0; I < P.Units.size(); ++I)
      Pool.async([&, I] {
        Expected<ExtractOptions> How = Config.readingOf(P.Units[I], P.Root);
        if (How)
          Problems[I] = withUnit(P.Units[I], *How, [&](TranslationUnit &TU) {
            Surveyor(TU, P.Root, Parts[I]).run();
          });
        else
          Problems[I] = toString(How.takeError());
        std::lock_guard<std::mutex> Guard(Lock);
        Bar.step(P.Units[I].Name);
      });
    Pool.wait();
  }
  // In the order of the units, whichever was read first.
  Survey All;
  UnitSurvey Whole;
  for (size_t I = 0; I < Parts.size(); ++I) {
    const UnitSurvey &Part = Parts[I];
    merge(All.Types, Part.Types);
    merge(All.Functions, Part.Functions);
    Whole.Pools.insert(Part.Pools.begin(), Part.Pools.end());
    Whole.Containers.insert(Part.Containers.begin(), Part.Containers.end());
    Whole.Locks.insert(Part.Locks.begin(), Part.Locks.end());
    Whole.Starters.insert(Part.Starters.begin(), Part.Starters.end());
    merge(Whole.Threads, Part.Threads);
    merge(Whole.Callbacks, Part.Callbacks);
    if (!Problems[I].empty())
      All.Failed.push_back({P.Units[I].Name, Problems[I]});
  }
  All.Pools = Whole.Pools.size();
  All.Containers = Whole.Containers.size();
  All.Locks = Whole.Locks.size();
  All.Starters = Whole.Starters.size();
  All.Threads = lines(Whole.Threads);
  All.Callbacks = lines(Whole.Callbacks);
  return All;
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

/// Whether \p Text has \p Name as a whole word, be it in a comment.
static bool speaksOf(StringRef Text, StringRef Name) {
  auto Inside = [](char C) { return isAlnum(C) || C == '_' || C == ':'; };
  for (size_t At = Text.find(Name); At != StringRef::npos;
       At = Text.find(Name, At + 1)) {
    size_t End = At + Name.size();
    if ((At == 0 || !Inside(Text[At - 1])) &&
        (End == Text.size() || !Inside(Text[End])))
      return true;
  }
  return false;
}

/// The entries for what \p Text does not speak of, as comments that are YAML
/// without their first two characters.
static std::string comments(const std::map<std::string, SurveyItem> &Items,
                            StringRef Text) {
  std::string Out;
  raw_string_ostream OS(Out);
  for (const auto &[Name, Item] : Items) {
    if (speaksOf(Text, Name))
      continue;
    for (const std::string &E : Item.Evidence)
      OS << "#   # " << E << '\n';
    OS << "#   - names: " << Name << '\n';
    for (const std::string &Key : Item.Keys)
      OS << "#     " << Key << '\n';
    if (!Item.Methods.empty())
      OS << "#     methods:\n";
    for (const auto &[Method, Keys] : Item.Methods) {
      OS << "#       - names: " << Method << '\n';
      for (const std::string &Key : Keys)
        OS << "#         " << Key << '\n';
    }
  }
  return Out;
}

static std::string sections(const Survey &Found, StringRef Text) {
  std::string Out;
  raw_string_ostream OS(Out);
  for (auto [Key, Items] :
       {std::pair(StringRef("types"), &Found.Types),
        std::pair(StringRef("functions"), &Found.Functions)}) {
    std::string Entries = comments(*Items, Text);
    if (!Entries.empty())
      OS << "\n# " << Key << ":\n" << Entries;
  }
  for (auto [Title, Lines] :
       {std::pair(StringRef("Threads that start in this code"), &Found.Threads),
        std::pair(StringRef("What event loops call in this code"),
                  &Found.Callbacks)}) {
    std::string New;
    // Places move; a thread is known by what it runs.
    for (const std::string &L : *Lines)
      if (!Text.contains(StringRef(L).take_front(L.find("ed by '"))))
        New += "# - " + L + "\n";
    if (!New.empty())
      OS << "\n# " << Title << ", as it was read:\n" << New;
  }
  return Out;
}

std::string race::modelsFile(const Survey &Found, StringRef Name) {
  std::string Text =
      "# What the functions and types of this project mean to race-tidy.\n"
      "#\n"
      "# The comments below say what 'race-tidy init' found in the code. It is "
      "in force\n"
      "# without being written here, wherever race-tidy sees that code. Take "
      "the '# '\n"
      "# off an entry, and off the key above it, to make it hold where only "
      "the\n"
      "# declarations are seen, or to correct it.\n";
  std::string Quoted;
  raw_string_ostream OS(Quoted);
  OS << '"';
  OS.write_escaped(Name);
  OS << '"';
  return Text + "library: " + Quoted + "\n" + sections(Found, "");
}

std::string race::addToModelsFile(const Survey &Found, StringRef Text) {
  std::string More = sections(Found, Text);
  if (More.empty())
    return Text.str();
  bool Ended = Text.empty() || Text.ends_with("\n");
  return (Text + (Ended ? "" : "\n") +
          "\n# Found by 'race-tidy init' since. Entries go below the keys of "
          "the same name above.\n" +
          More)
      .str();
}

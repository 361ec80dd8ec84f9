//===- ClaimAttacher.cpp - What a claim is about --------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ties claims to declarations and statements by where they stand. Everything is
// compared as offsets into one file. Declarations are looked at only in files
// in which a claim was found.
//
//===----------------------------------------------------------------------===//

#include "DeclIndex.h"
#include "race/Comments/CommentFinder.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace llvm;
using namespace race;
using namespace race::claims;

namespace {

/// A comment that makes claims, with its place in the file.
struct ClaimingComment {
  Comment Text;
  SmallVector<Claim, 1> Claims;
  unsigned Begin = 0, End = 0;
};

/// The claims of one file.
class Attacher {
public:
  Attacher(FileID FID, const DeclIndex &Index, const ASTContext &Ctx,
           ArrayRef<ClaimingComment> Comments,
           std::vector<AttachedClaim> &Result)
      : FID(FID), Index(Index), Ctx(Ctx), SM(Ctx.getSourceManager()),
        Buffer(SM.getBufferData(FID)), Comments(Comments), Result(Result) {}

  void run();

private:
  using Subjects = SmallVector<const Decl *, 2>;

  void attach(const ClaimingComment &C);
  Subjects trailingSubjects(const ClaimingComment &C, int Container) const;
  Subjects subjectsBelow(const ClaimingComment &C, int Container) const;
  bool speaksOfFile(const ClaimingComment &C) const;
  Subjects variablesIn(unsigned Begin, unsigned End) const;
  Subjects namespaceBelow(const ClaimingComment &C) const;
  void attachToAll(const ClaimingComment &C, const Subjects &All);
  void addGroup(unsigned First, Subjects &Group) const;
  AttachedClaim attached(const ClaimingComment &C, const Claim &Made) const;
  bool onlySpaceBetween(unsigned From, unsigned To) const;
  bool speaksOfGroup(const ClaimingComment &C) const;
  bool settleSubject(AttachedClaim &A, int Container) const;
  Subjects named(StringRef Name, int Container) const;
  Subjects below(const Decl *First) const;
  const Stmt *statementAt(const Stmt *Body, const ClaimingComment &C) const;
  const ClaimingComment *trailingOn(unsigned Line) const;
  unsigned line(unsigned Offset) const { return SM.getLineNumber(FID, Offset); }
  bool blankBetween(unsigned From, unsigned To) const;

  FileID FID;
  const DeclIndex &Index;
  const ASTContext &Ctx;
  const SourceManager &SM;
  StringRef Buffer;
  ArrayRef<ClaimingComment> Comments;
  std::vector<AttachedClaim> &Result;
  /// Claims about the file or a namespace.
  std::vector<AttachedClaim> OfAll;
};

} // namespace

/// Whether an empty line stands between two offsets.
bool Attacher::blankBetween(unsigned From, unsigned To) const {
  StringRef Between = Buffer.slice(From, To);
  size_t At = Between.find('\n');
  while (At != StringRef::npos) {
    StringRef Rest = Between.drop_front(At + 1);
    size_t Next = Rest.find('\n');
    if (Next != StringRef::npos && Rest.take_front(Next).trim().empty())
      return true;
    At = Next == StringRef::npos ? Next : At + 1 + Next;
  }
  return false;
}

/// Whether nothing stands between a comment and a declaration that would make
/// the comment another one's: what does not end a declaration (attributes,
/// macros, `template <...>`, `typedef`) does no harm.
bool Attacher::onlySpaceBetween(unsigned From, unsigned To) const {
  if (blankBetween(From, To))
    return false;
  SourceLocation Start = SM.getLocForStartOfFile(FID);
  Lexer Lex(Start, Ctx.getLangOpts(), Buffer.begin(), Buffer.begin() + From,
            Buffer.end());
  Token Tok;
  while (true) {
    Lex.LexFromRawLexer(Tok);
    unsigned At = Tok.getLocation().getRawEncoding() - Start.getRawEncoding();
    if (Tok.is(tok::eof) || At >= To)
      return true;
    if (Tok.isOneOf(tok::semi, tok::l_brace, tok::r_brace, tok::colon) ||
        (Tok.is(tok::hash) && Tok.isAtStartOfLine()))
      return false;
  }
}

const ClaimingComment *Attacher::trailingOn(unsigned Line) const {
  for (const ClaimingComment &C : Comments)
    if (C.Text.Trailing && line(C.Begin) == Line)
      return &C;
  return nullptr;
}

/// A comment that says nothing but the claim, or speaks in the plural, is about
/// all the fields below it that stand together.
bool Attacher::speaksOfGroup(const ClaimingComment &C) const {
  StringRef Text = C.Text.Text;
  SmallVector<StringRef, 32> Words;
  SplitString(Text, Words, " \t\n\r.,:;()-");
  static constexpr llvm::StringLiteral Plural[] = {
      "these", "all",  "below",     "following", "members", "fields",
      "both",  "they", "variables", "are",       "state"};
  for (StringRef Word : Words)
    if (is_contained(Plural, StringRef(Word.lower())))
      return true;
  auto letters = [](StringRef S) {
    return count_if(S, [](char Ch) { return isAlnum(Ch); });
  };
  long Rest = letters(Text);
  for (const Claim &Made : C.Claims)
    Rest -= letters(Text.substr(Made.Offset, Made.Length));
  return Rest < 10;
}

/// Adds to \p Group the fields or variables that follow \p First line by line,
/// up to an empty line, a comment line or something else. One with a claim of
/// its own behind it is passed over.
void Attacher::addGroup(unsigned First, Subjects &Group) const {
  ArrayRef<DeclPlace> Places = Index.places(FID);
  unsigned EndLine = Places[First].EndLine;
  for (unsigned I = First + 1; I < Places.size(); ++I) {
    const DeclPlace &P = Places[I];
    if (P.Container != Places[First].Container)
      continue;
    if (!P.isData() || P.BeginLine > EndLine + 1)
      return;
    EndLine = P.EndLine;
    if (!trailingOn(EndLine) && !is_contained(Group, P.D))
      Group.push_back(P.D);
  }
}

/// For a comment on a line of its own: the declaration below it.
Attacher::Subjects Attacher::subjectsBelow(const ClaimingComment &C,
                                           int Container) const {
  Subjects Found;
  ArrayRef<DeclPlace> Places = Index.places(FID);
  unsigned First = Places.size();
  for (unsigned I = 0; I < Places.size(); ++I)
    if (Places[I].Begin >= C.End && Places[I].Container == Container) {
      First = I;
      break;
    }
  if (First == Places.size() || !onlySpaceBetween(C.End, Places[First].Begin))
    return Found;
  // `int a, b;` begin at one place; so do `struct { ... } s;` and its type.
  for (unsigned I = First;
       I < Places.size() && Places[I].Begin == Places[First].Begin; ++I)
    if (Places[I].Container == Container && !Places[I].isUnnamedRecord())
      Found.push_back(Places[I].D);
  if (Places[First].isNamedRecord())
    Found.truncate(1);
  if (!Found.empty() && Places[First].isData() && speaksOfGroup(C))
    addGroup(First, Found);
  return Found;
}

/// For a comment behind code: the declaration that ends on its line, or the one
/// whose body the line opens.
Attacher::Subjects Attacher::trailingSubjects(const ClaimingComment &C,
                                              int Container) const {
  Subjects Found;
  unsigned Line = line(C.Begin);
  bool Data = false;
  for (const DeclPlace &P : Index.places(FID)) {
    if (P.Container != Container || P.Begin > C.Begin)
      continue;
    bool Ends = P.EndLine == Line && P.End <= C.Begin;
    // Between a function's parameters and its body, not among the former.
    StringRef Head = Buffer.slice(P.Begin, C.Begin);
    bool Opens = P.isFunction() && P.End > C.Begin && Head.contains('(') &&
                 Head.count('(') == Head.count(')');
    if ((!Ends && !Opens) || P.isUnnamedRecord())
      continue;
    // A variable beats its type.
    if (P.isData() && !Data)
      Found.clear();
    if (Data && !P.isData())
      continue;
    Data |= P.isData();
    Found.push_back(P.D);
  }
  return Found;
}

/// The members or neighbours called \p Name in the container of the comment.
Attacher::Subjects Attacher::named(StringRef Name, int Container) const {
  Subjects Found;
  for (const DeclPlace &P : Index.places(FID))
    if (P.Container == Container && P.name() == Name &&
        !is_contained(Found, P.D))
      Found.push_back(P.D);
  return Found;
}

/// The data that follows \p First line by line.
Attacher::Subjects Attacher::below(const Decl *First) const {
  Subjects Found;
  ArrayRef<DeclPlace> Places = Index.places(FID);
  for (unsigned I = 0; I < Places.size(); ++I)
    if (Places[I].D == First)
      addGroup(I, Found);
  return Found;
}

/// The last part of an identifier expression.
static StringRef lastName(StringRef Name) {
  Name = Name.split('[').first;
  size_t At = Name.find_last_of(":.>");
  return At == StringRef::npos ? Name : Name.drop_front(At + 1);
}

/// Whether \p Words ("priority queue") call what is named \p Name
/// ("PriorityQueue", "BoundedPriorityQueue", "priority_queue").
static bool isCalledInWords(StringRef Name, StringRef Words) {
  std::string Folded, Wanted;
  for (char C : Name)
    if (C != '_')
      Folded += toLower(C);
  for (char C : Words)
    if (isAlnum(C))
      Wanted += toLower(C);
  return Wanted.size() > 2 && StringRef(Folded).ends_with(Wanted) &&
         Words.lower() == Words;
}

/// Applies what the sentence says about its subject: a claim that names other
/// code is about that code, or is left out if that is not to be found here.
bool Attacher::settleSubject(AttachedClaim &A, int Container) const {
  Claim &C = A.C;
  if (C.OnLock) {
    const auto *Lock = dyn_cast_or_null<NamedDecl>(
        A.Subjects.empty() ? nullptr : A.Subjects.front());
    if (!Lock || !(isa<FieldDecl>(Lock) || isa<VarDecl>(Lock)))
      return false;
    C.Lock = Lock->getNameAsString();
    if (C.Subject.empty())
      A.Subjects = below(Lock);
    else
      A.Subjects = named(lastName(C.Subject), Container);
    return !A.Subjects.empty() && !is_contained(A.Subjects, Lock);
  }
  if (!C.Subject.empty()) {
    StringRef Name = lastName(C.Subject);
    auto IsNamed = [&](const Decl *D) {
      if (const auto *ND = dyn_cast<NamedDecl>(D))
        if (ND->getDeclName().isIdentifier() &&
            (ND->getName() == Name || isCalledInWords(ND->getName(), Name)))
          return true;
      // A constructor, or a method whose comment speaks of the class.
      const auto *Parent = dyn_cast<NamedDecl>(D->getDeclContext());
      return C.Kind == Claim::NotThreadSafe && Parent && isa<TagDecl>(Parent) &&
             Parent->getName() == Name;
    };
    Subjects Same;
    copy_if(A.Subjects, std::back_inserter(Same), IsNamed);
    if (Same.empty())
      Same = named(Name, Container);
    // Of a class's comment, the member that it names.
    if (Same.empty() && A.Subjects.size() == 1)
      if (const auto *R = dyn_cast<RecordDecl>(A.Subjects.front()))
        for (const Decl *Member : R->decls())
          if (const auto *ND = dyn_cast<NamedDecl>(Member))
            if (!ND->isImplicit() && ND->getDeclName().isIdentifier() &&
                ND->getName() == Name)
              Same.push_back(ND);
    // "HAProxy is single-threaded" is about everything.
    bool Everything = C.Kind == Claim::Confined && C.Thread.empty() &&
                      StringRef(A.Quote).contains_insensitive("threaded");
    if (Same.empty() && !Everything)
      return false;
    // "Foo() is guarded by mu_" says what Foo does, not what it asks for.
    if (C.Kind == Claim::GuardedBy && any_of(Same, [](const Decl *D) {
          return D->getAsFunction() != nullptr;
        }))
      return false;
    if (!Same.empty())
      A.Subjects = std::move(Same);
  }
  // Data has no caller.
  if (C.Kind == Claim::CallerHolds && all_of(A.Subjects, [](const Decl *D) {
        return isa<FieldDecl>(D) || isa<VarDecl>(D);
      }))
    C.Kind = Claim::GuardedBy;
  return true;
}

/// The statement under \p Body that the comment stands on; null if nothing
/// follows it in its block.
const Stmt *Attacher::statementAt(const Stmt *Body,
                                  const ClaimingComment &C) const {
  auto extent = [&](const Stmt *S) {
    auto Begin = SM.getDecomposedExpansionLoc(S->getBeginLoc());
    auto End =
        SM.getDecomposedLoc(SM.getExpansionRange(S->getEndLoc()).getEnd());
    return Begin.first == FID && End.first == FID
               ? std::make_pair(Begin.second, End.second)
               : std::make_pair(~0u, 0u);
  };
  const Stmt *Block = Body;
  const Stmt *InBlock = nullptr;
  for (const Stmt *At = Body; At;) {
    const Stmt *Inside = nullptr;
    for (const Stmt *Child : At->children()) {
      if (!Child)
        continue;
      auto [Begin, End] = extent(Child);
      if (Begin < C.Begin && C.Begin <= End)
        Inside = Child;
    }
    bool Holds = isa<CompoundStmt, SwitchCase, LabelStmt, AttributedStmt,
                     IfStmt, ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(At);
    if (Holds) {
      Block = At;
      InBlock = Inside;
    }
    At = Inside;
  }
  // Inside an expression: the statement that the expression is part of.
  if (InBlock)
    return InBlock;
  const Stmt *Next = nullptr;
  for (const Stmt *Child : Block->children()) {
    if (!Child)
      continue;
    auto [Begin, End] = extent(Child);
    if (C.Text.Trailing && isa<CompoundStmt>(Block) && End < C.Begin &&
        line(End) == line(C.Begin))
      return Child;
    if (Begin != ~0u && Begin > C.Begin && !Next)
      Next = Child;
  }
  return Next;
}

/// A comment that says of itself that it is about the file.
bool Attacher::speaksOfFile(const ClaimingComment &C) const {
  SmallVector<StringRef, 32> Words;
  SplitString(C.Text.Text, Words, " \t\n\r.,:;()-*");
  for (size_t I = 0; I + 1 < Words.size(); ++I)
    if (Words[I].equals_insensitive("this"))
      for (StringRef Unit : {"file", "module", "unit", "namespace"})
        if (Words[I + 1].equals_insensitive(Unit))
          return true;
  return false;
}

/// The variables outside of classes and functions between two offsets, without
/// those that have a claim of their own behind them.
Attacher::Subjects Attacher::variablesIn(unsigned Begin, unsigned End) const {
  Subjects Found;
  for (const DeclPlace &P : Index.places(FID))
    if (P.Container < 0 && P.isData() && P.Begin >= Begin && P.End <= End &&
        !trailingOn(P.EndLine) && !is_contained(Found, P.D))
      Found.push_back(P.D);
  return Found;
}

/// For a comment above a namespace: its variables.
Attacher::Subjects Attacher::namespaceBelow(const ClaimingComment &C) const {
  SourceLocation Start = SM.getLocForStartOfFile(FID);
  Lexer Lex(Start, Ctx.getLangOpts(), Buffer.begin(), Buffer.begin() + C.End,
            Buffer.end());
  Token Tok;
  unsigned Begin = 0, Depth = 0;
  for (bool First = true;; First = false) {
    Lex.LexFromRawLexer(Tok);
    unsigned At = Tok.getLocation().getRawEncoding() - Start.getRawEncoding();
    if (Tok.is(tok::eof))
      return {};
    if (First &&
        (!Tok.is(tok::raw_identifier) ||
         Tok.getRawIdentifier() != "namespace" || blankBetween(C.End, At)))
      return {};
    if (!Begin && Tok.isOneOf(tok::semi, tok::equal))
      return {};
    if (Tok.is(tok::l_brace) && Depth++ == 0)
      Begin = At;
    if (Tok.is(tok::r_brace) && Depth > 0 && --Depth == 0)
      return variablesIn(Begin, At);
  }
}

/// What a comment says of a file or namespace holds for each of its variables.
void Attacher::attachToAll(const ClaimingComment &C, const Subjects &All) {
  for (const Claim &Made : C.Claims) {
    // A function's demands are no variable's.
    if (Made.OnLock || Made.OnTaking || Made.Kind == Claim::CallerHolds ||
        !Made.Subject.empty())
      continue;
    AttachedClaim A = attached(C, Made);
    A.Subjects = All;
    OfAll.push_back(std::move(A));
  }
}

AttachedClaim Attacher::attached(const ClaimingComment &C,
                                 const Claim &Made) const {
  AttachedClaim A;
  A.C = Made;
  A.Loc = C.Text.locationOf(Made.Offset);
  SmallVector<StringRef, 16> Words;
  SplitString(StringRef(C.Text.Text).substr(Made.Offset, Made.Length), Words,
              " \t\n\r");
  A.Quote = join(Words, " ");
  return A;
}

void Attacher::attach(const ClaimingComment &C) {
  int Container = Index.containerAt(FID, C.Begin);
  const DeclContainer *In =
      Container < 0 ? nullptr : &Index.containers(FID)[Container];
  unsigned Line = line(C.Begin);

  Subjects On;
  const FunctionDecl *Function = nullptr;
  const Stmt *Statement = nullptr;
  // `class A { // ...` and `void f() { // ...` speak of what they open.
  bool Opening = In && C.Text.Trailing && In->OpenLine == Line &&
                 Buffer.slice(In->Begin + 1, C.Begin).trim().empty();
  if (Opening) {
    On.push_back(In->D);
    Container = In->Parent;
  } else if (In && In->Body) {
    Function = cast<FunctionDecl>(In->D);
    Statement = statementAt(In->Body, C);
  } else {
    On = C.Text.Trailing ? trailingSubjects(C, Container)
                         : subjectsBelow(C, Container);
  }
  if (Container < 0 && !In && !C.Text.Trailing) {
    bool OfFile = speaksOfFile(C);
    Subjects All;
    if (OfFile)
      All = variablesIn(0, Buffer.size());
    else if (On.empty())
      All = namespaceBelow(C);
    attachToAll(C, All);
    if (OfFile)
      return;
  }
  if (On.empty() && !Function)
    return;

  for (const Claim &Made : C.Claims) {
    AttachedClaim A = attached(C, Made);
    if (Function) {
      // In a body these speak of functions and objects used there.
      if ((Made.OnLock && !Made.OnTaking) ||
          (Made.Kind == Claim::NotThreadSafe && !Made.Subject.empty()))
        continue;
      A.Function = Function;
      A.Statement = Statement;
    } else {
      if (Made.OnTaking)
        continue;
      A.Subjects = On;
      if (!settleSubject(A, Container))
        continue;
    }
    Result.push_back(std::move(A));
  }
}

void Attacher::run() {
  size_t Before = Result.size();
  for (const ClaimingComment &C : Comments)
    attach(C);
  // What has a claim of its own is not meant.
  DenseSet<const Decl *> Claimed;
  for (const AttachedClaim &A : ArrayRef(Result).drop_front(Before))
    Claimed.insert(A.Subjects.begin(), A.Subjects.end());
  // The narrower claim comes first: a namespace's before the file's.
  llvm::sort(OfAll, [](const AttachedClaim &A, const AttachedClaim &B) {
    return std::make_pair(A.Subjects.size(), A.Loc.getRawEncoding()) <
           std::make_pair(B.Subjects.size(), B.Loc.getRawEncoding());
  });
  for (AttachedClaim &A : OfAll) {
    erase_if(A.Subjects, [&](const Decl *D) { return Claimed.contains(D); });
    Claimed.insert(A.Subjects.begin(), A.Subjects.end());
    if (!A.Subjects.empty())
      Result.push_back(std::move(A));
  }
}

//===----------------------------------------------------------------------===//
// findClaims
//===----------------------------------------------------------------------===//

/// The comments of \p FID that claim something.
static std::vector<ClaimingComment> claimsIn(FileID FID,
                                             const SourceManager &SM,
                                             const LangOptions &LangOpts,
                                             ArrayRef<ClaimPhrase> Own) {
  std::vector<ClaimingComment> Found;
  // Lexing is dearer than looking for the words.
  if (!mayMakeClaim(SM.getBufferData(FID), Own))
    return Found;
  for (Comment &C : findComments(FID, SM, LangOpts)) {
    if (C.InDirective)
      continue;
    SmallVector<Claim, 1> Claims = parseClaims(C.Text, Own);
    if (Claims.empty())
      continue;
    ClaimingComment Claiming;
    Claiming.Begin = SM.getFileOffset(C.Range.getBegin());
    Claiming.End = SM.getFileOffset(C.Range.getEnd());
    Claiming.Text = std::move(C);
    Claiming.Claims = std::move(Claims);
    Found.push_back(std::move(Claiming));
  }
  return Found;
}

std::vector<AttachedClaim> race::findClaims(ASTContext &Ctx,
                                            ArrayRef<ClaimPhrase> Own) {
  const SourceManager &SM = Ctx.getSourceManager();
  std::vector<std::pair<FileID, std::vector<ClaimingComment>>> Files;
  DenseSet<const FileEntry *> Seen;
  DenseSet<FileID> Wanted;
  for (unsigned I = 0, E = SM.local_sloc_entry_size(); I != E; ++I) {
    const SrcMgr::SLocEntry &Entry = SM.getLocalSLocEntry(I);
    if (!Entry.isFile() ||
        SrcMgr::isSystem(Entry.getFile().getFileCharacteristic()))
      continue;
    FileID FID =
        SM.getFileID(SourceLocation::getFromRawEncoding(Entry.getOffset()));
    OptionalFileEntryRef File = SM.getFileEntryRefForID(FID);
    if (!File || !Seen.insert(&File->getFileEntry()).second)
      continue;
    std::vector<ClaimingComment> Found =
        claimsIn(FID, SM, Ctx.getLangOpts(), Own);
    if (Found.empty())
      continue;
    Wanted.insert(FID);
    Files.emplace_back(FID, std::move(Found));
  }
  std::vector<AttachedClaim> Result;
  if (Files.empty())
    return Result;
  DeclIndex Index(Ctx, Wanted);
  for (const auto &[FID, Found] : Files)
    Attacher(FID, Index, Ctx, Found, Result).run();
  return Result;
}

//===- LookupTest.cpp - From declarations to models -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelTestSupport.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace race;
using namespace race::modeltest;

static Models models(llvm::StringRef Yaml) {
  Models Known;
  EXPECT_EQ(message(Known.add({Yaml, "test.yaml"})), "");
  return Known;
}

TEST(Lookup, Names) {
  auto Unit = parse(R"cpp(
namespace a { inline namespace v1 { namespace { template <typename T> struct S {
  S(); ~S(); void method(); operator bool(); T operator[](int); void operator()();
  enum { Unscoped }; struct Inner { void deep(); }; }; } } }
extern "C" { void linkage(); }
typedef struct { int X; } Unnamed;
a::S<int> Instance;
)cpp");
  auto Name = [&](llvm::StringRef Simple) {
    return Models::modelName(find<clang::NamedDecl>(*Unit, Simple));
  };
  EXPECT_EQ(Name("method"), "a::S::method");
  EXPECT_EQ(Name("deep"), "a::S::Inner::deep");
  EXPECT_EQ(Name("operator bool"), "a::S::operator bool");
  EXPECT_EQ(Name("operator[]"), "a::S::operator[]");
  EXPECT_EQ(Name("operator()"), "a::S::operator()");
  EXPECT_EQ(Name("Unscoped"), "a::S::Unscoped");
  EXPECT_EQ(Name("linkage"), "linkage");
  EXPECT_EQ(Name("S<T>"), "a::S::S");
  EXPECT_EQ(Name("~S<T>"), "a::S::~S");
  const auto *X = find<clang::NamedDecl>(*Unit, "X");
  EXPECT_EQ(Models::modelName(X), "Unnamed::X");
}

TEST(Lookup, ClassesTemplatesAndOverrides) {
  Models Known = models(R"yaml(
library: test
types:
  - names: ns::Pool
    methods:
      - names: put
        hand-back: arg0
      - names: get
        acquire: result
      - names: constructor
        calls-arguments: true
  - names: ns::Executor
    methods:
      - names: add
        start: {callable: arg0, kind: task}
)yaml");
  expectLines(Known, R"cpp(
namespace ns {
inline namespace v2 {
template <typename T> struct Pool { Pool(int); void put(T *); T *get(); template <typename U> void put(U, int); };
}
struct Executor { virtual void add(void (*)()) = 0; };
}
struct Threads : ns::Executor { void add(void (*)()) override; };
struct MoreThreads final : Threads { void add(void (*)()) override; };
struct Hiding : ns::Pool<int> { Hiding(); void put(int *); void put(int, int, int); };
struct Between : Hiding {}; struct Far : Between { void put(int *); };
template <typename T> struct Dependent : ns::Pool<T> { void put(T *); };
namespace other { struct Pool { void put(int *); }; }
void put(int *);
void f(ns::Pool<int> &P, Threads &T, MoreThreads &M, Hiding &H, Dependent<int> &D,
       other::Pool &O, int *X, Far &Y) {
  Y.put(X); // = hand-back arg0
  P.put(X); // = hand-back arg0
  P.get(); // = acquire result
  P.put(X, 1); // = hand-back arg0
  ns::Pool<int> Q(1); // = calls-arguments
  T.add(nullptr); // = task arg0
  M.add(nullptr); // = task arg0
  H.put(X); // = hand-back arg0
  H.put(1, 2, 3); // = nothing
  H.get(); // = acquire result
  D.put(X); // = hand-back arg0
  O.put(X); // = nothing
  put(X); // = nothing
  Hiding Local; // = nothing
}
)cpp");
}

TEST(Lookup, PatternsAndParameters) {
  Models Known = models(R"yaml(
library: test
functions:
  - names: "git_*_lock"
    lock: {op: acquire, mutex: arg0}
  - names: git_odd_lock
  - names: "*::Registry::find"
    container: {op: query, key: arg0}
  - names: release
    parameters: [Conn, any]
    hand-back: arg0
  - names: release
    parameters: 1
    hand-back: {what: arg0, reference: true}
  - names: "S::operator *"
    container: query
  - names: S::operator*
    returns-alias: this
)yaml");
  expectLines(Known, R"cpp(
struct Conn; typedef Conn *ConnPtr; struct Other {};
namespace a { struct Registry { void find(int); }; }
struct Registry { void find(int); };
struct S { operator int(); operator Other(); int operator*(); S operator*(int); S operator+(int); };
void git_mutex_lock(int *); void git_odd_lock(int *); void git_lock(int *);
void release(Conn *, int); void release(Other *, int); void release(Other *);
void release(ConnPtr &, const char *);
void f(a::Registry &A, Registry &R, Conn *C, ConnPtr P, Other *O, S &X, int *I) {
  git_mutex_lock(I); // = lock acquire arg0
  git_odd_lock(I); // = no effects
  git_lock(I); // = nothing
  A.find(1); // = query this key arg0
  R.find(1); // = nothing
  release(C, 1); // = hand-back arg0
  release(P, ""); // = hand-back arg0
  release(O, 1); // = nothing
  release(O); // = hand-back arg0 reference
  int N = X; // = query this
  Other T = X; // = query this
  *X; // = alias this
  X + 1; // = nothing
}
)cpp");
}

TEST(Lookup, AUsersFileReplacesAPreset) {
  const char *Code = R"cpp(
struct rte_mbuf;
void rte_pktmbuf_free(rte_mbuf *);
void f(rte_mbuf *M) {
  rte_pktmbuf_free(M); // = hand-back arg0 chain next 'mbuf'
}
)cpp";
  Models Known = Models::withPresets();
  uint64_t Before = Known.fingerprint();
  EXPECT_EQ(Before, Models::withPresets().fingerprint());
  expectLines(Known, Code);
  ASSERT_EQ(message(Known.add({"library: mine\nfunctions:\n"
                               "  - names: rte_pktmbuf_free\n"
                               "    hand-back: {what: arg0, reference: true}\n",
                               "mine.yaml"})),
            "");
  EXPECT_NE(Before, Known.fingerprint());
  std::string Replaced(Code);
  const llvm::StringRef Preset = "hand-back arg0 chain next 'mbuf'";
  size_t At = Replaced.find(Preset);
  Replaced.replace(At, Preset.size(), "hand-back arg0 reference");
  expectLines(Known, Replaced);
  // A pattern that comes later wins too, and no effects is an effect.
  ASSERT_EQ(message(Known.add({"library: off\nfunctions:\n"
                               "  - names: \"rte_*\"\n",
                               "off.yaml"})),
            "");
  Replaced = Code;
  Replaced.replace(At, Preset.size(), "no effects");
  expectLines(Known, Replaced);
  // Presets are shared, but not what is added to them.
  expectLines(Models::withPresets(), Code);
}

TEST(Lookup, ABadDocumentAddsNothing) {
  Models Known;
  uint64_t Before = Known.fingerprint();
  EXPECT_NE(message(Known.add({"library: x\nfunctions:\n  - names: f\n"
                               "    noreturn: true\n  - nams: g\n",
                               "bad.yaml"})),
            "");
  EXPECT_EQ(Before, Known.fingerprint());
  expectLines(Known, "void f();\nvoid g() {\n  f(); // = nothing\n}\n");
}

TEST(Lookup, SourcesAreNamed) {
  Models Known = models("library: x\nfunctions: {names: f, noreturn: true}\n");
  auto Unit = parse("void f();");
  const FunctionModel *M = Known.lookup(find<clang::FunctionDecl>(*Unit, "f"));
  ASSERT_TRUE(M);
  EXPECT_EQ(M->Source, "test.yaml");
  EXPECT_EQ(M->Name, "f");
}

TEST(Lookup, AnotherAst) {
  Models Known = models("library: x\nfunctions: {names: f, noreturn: true}\n");
  for (int I = 0; I != 3; ++I) {
    auto Unit = parse(I % 2 ? "void f();" : "void g(); struct f {};");
    const auto *F = find<clang::FunctionDecl>(*Unit, I % 2 ? "f" : "g");
    EXPECT_EQ(Known.lookup(F) != nullptr, I % 2 == 1);
    Known.forgetDeclarations();
  }
}

TEST(Lookup, NullIsNothing) {
  Models Known = Models::withPresets();
  EXPECT_EQ(Known.lookup(static_cast<const clang::FunctionDecl *>(nullptr)),
            nullptr);
  EXPECT_EQ(Known.lookup(static_cast<const clang::RecordDecl *>(nullptr)),
            nullptr);
  EXPECT_EQ(Known.lookup(clang::QualType()), nullptr);
}

namespace {
class UserFile : public ::testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("race-models", Root));
    ASSERT_FALSE(llvm::sys::fs::create_directories(Root + "/a/b"));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(Root); }
  void write(const llvm::Twine &Path, llvm::StringRef Text) {
    std::error_code EC;
    llvm::raw_fd_ostream OS((Root + Path).str(), EC);
    ASSERT_FALSE(EC);
    OS << Text;
  }
  std::string at(const llvm::Twine &Path) { return (Root + Path).str(); }
  llvm::SmallString<128> Root;
};
} // namespace

TEST_F(UserFile, IsTheNearestOne) {
  EXPECT_EQ(Models::findUserFile(at("/a/b/x.cpp")), "");
  write("/.race-models.yaml", "library: x\n");
  EXPECT_EQ(Models::findUserFile(at("/a/b/x.cpp")), at("/.race-models.yaml"));
  write("/a/.race-models.yaml", "library: y\n");
  EXPECT_EQ(Models::findUserFile(at("/a/b/x.cpp")), at("/a/.race-models.yaml"));
  EXPECT_EQ(Models::findUserFile(at("/a/b/../../x.cpp")),
            at("/.race-models.yaml"));
  // A folder of that name is none.
  ASSERT_FALSE(llvm::sys::fs::create_directories(at("/a/b/.race-models.yaml")));
  EXPECT_EQ(Models::findUserFile(at("/a/b/x.cpp")), at("/a/.race-models.yaml"));
}

TEST_F(UserFile, ErrorsNameTheFile) {
  Models Known;
  write("/m.yaml", "library: x\nfunktions: []\n");
  EXPECT_EQ(message(Known.addFile(at("/m.yaml"))),
            at("/m.yaml") + ":2:1: unknown key 'funktions' in a model file; "
                            "did you mean 'functions'?");
  EXPECT_EQ(message(Known.addFile(at("/none.yaml"))),
            at("/none.yaml") + ": No such file or directory");
  EXPECT_EQ(message(Known.addFile(at("/a"))),
            at("/a") + ": not a regular file");
  write("/good.yaml", "library: x\n");
  EXPECT_EQ(message(Known.addFile(at("/good.yaml"))), "");
}

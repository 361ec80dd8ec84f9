//===- ConfigEditTest.cpp - Unit tests of additions to YAML files ---------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Driver/ConfigEdit.h"
#include "gtest/gtest.h"

using namespace race;

static std::string text(llvm::Expected<std::string> E) {
  return E ? *E : "error: " + llvm::toString(E.takeError());
}

static std::string tidy(llvm::StringRef Text) {
  return text(addRaceChecks(llvm::MemoryBufferRef(Text, ".clang-tidy")));
}

static std::string hook(llvm::StringRef Text) {
  return text(addHook(llvm::MemoryBufferRef(Text, ".pre-commit-config.yaml"),
                      {"https://here", "v1"}));
}

TEST(ConfigEdit, ChecksInAllForms) {
  EXPECT_EQ(tidy("Checks: '-*,bugprone-*'\n"),
            "Checks: '-*,bugprone-*,race-*'\n");
  EXPECT_EQ(tidy("Checks: \"-*\" # all off\nHeaderFilterRegex: x"),
            "Checks: \"-*,race-*\" # all off\nHeaderFilterRegex: x");
  EXPECT_EQ(tidy("---\nChecks: -*,bugprone-*\n...\n"),
            "---\nChecks: -*,bugprone-*,race-*\n...\n");
  EXPECT_EQ(tidy("Checks: 'a-*,'\n"), "Checks: 'a-*,race-*'\n");
  EXPECT_EQ(tidy("Checks: ''\n"), "Checks: 'race-*'\n");
  EXPECT_EQ(tidy("Checks: '-*,\n  bugprone-*'\n"),
            "Checks: '-*,\n  bugprone-*,race-*'\n");
}

TEST(ConfigEdit, ChecksInBlocks) {
  EXPECT_EQ(tidy("Checks: >\n  -*,\n  bugprone-*\n\n# Why.\nUser: me\n"),
            "Checks: >\n  -*,\n  bugprone-*,\n  race-*\n\n# Why.\nUser: me\n");
  EXPECT_EQ(tidy("Checks: |-\n  -*,\n  bugprone-*,"),
            "Checks: |-\n  -*,\n  bugprone-*,\n  race-*");
}

TEST(ConfigEdit, ChecksInLists) {
  EXPECT_EQ(tidy("Checks: ['-*', 'bugprone-*']\n"),
            "Checks: ['-*', 'bugprone-*', 'race-*']\n");
  EXPECT_EQ(tidy("Checks:\n  - '-*'\n  - 'bugprone-*'  # good\nUser: me\n"),
            "Checks:\n  - '-*'\n  - 'bugprone-*'  # good\n  - 'race-*'\n"
            "User: me\n");
}

TEST(ConfigEdit, NoChecks) {
  EXPECT_EQ(tidy("User: me\n"), "Checks: 'race-*'\nUser: me\n");
  EXPECT_EQ(tidy("# Nothing yet.\n"), "Checks: 'race-*'\n# Nothing yet.\n");
  EXPECT_EQ(tidy(""), "Checks: 'race-*'\n");
  EXPECT_EQ(tidy("---\nUser: me\n"), "---\nChecks: 'race-*'\nUser: me\n");
}

TEST(ConfigEdit, WindowsLines) {
  EXPECT_EQ(tidy("User: me\r\nChecks: >\r\n  -*\r\n"),
            "User: me\r\nChecks: >\r\n  -*,\r\n  race-*\r\n");
  EXPECT_EQ(hook("repos:\r\n- repo: local\r\n  hooks: []\r\n"),
            "repos:\r\n- repo: local\r\n  hooks: []\r\n- repo: https://here\r\n"
            "  rev: v1\r\n  hooks:\r\n    - id: race-tidy\r\n");
}

TEST(ConfigEdit, NothingToDo) {
  for (const char *Text :
       {"Checks: '-*,race-*'\n", "Checks: '*'\n", "Checks: '-race-*'\n",
        "Checks: 'race-check-then-act'\n", "Checks: '*,-bugprone-*'\n"})
    EXPECT_EQ(tidy(Text), Text);
  for (const char *Text :
       {"repos: [{repo: x, hooks: [{id: race-tidy}]}]\n",
        "repos:\n- repo: x\n  hooks:\n  - args: []\n    id: race-tidy-diff\n"})
    EXPECT_EQ(hook(Text), Text);
}

TEST(ConfigEdit, ChecksThatAreBroken) {
  EXPECT_EQ(tidy("Checks:\nUser: me\n"),
            "error: .clang-tidy:2:1: expected string or sequence");
  EXPECT_EQ(tidy("User: me\nChecks: 'a\n").find("error: .clang-tidy:"), 0u);
  EXPECT_EQ(tidy("Checks: 'a'\nNoSuchKey: 1\n").find("error: .clang-tidy:2:1"),
            0u);
  EXPECT_EQ(tidy("Checks: {a: b}\n").find("error: .clang-tidy:1:"), 0u);
  EXPECT_EQ(tidy("- a\n").find("error: .clang-tidy:1:"), 0u);
  EXPECT_EQ(tidy("Checks: 'a'\n---\nChecks: 'b'\n").find("error: .clang-tidy:"),
            0u);
}

TEST(ConfigEdit, Hooks) {
  EXPECT_EQ(hook(""), preCommitConfig({"https://here", "v1"}));
  EXPECT_EQ(hook("# Ours.\nrepos:\n  - repo: local\n    hooks:\n      - id: a\n"
                 "\n# Speed.\nfail_fast: true\n"),
            "# Ours.\nrepos:\n  - repo: local\n    hooks:\n      - id: a\n"
            "  - repo: https://here\n    rev: v1\n    hooks:\n"
            "      - id: race-tidy\n"
            "\n# Speed.\nfail_fast: true\n");
  EXPECT_EQ(hook("repos:\n- repo: local\n  hooks:\n  - id: a\n    args: |\n"
                 "      # no comment\n      x"),
            "repos:\n- repo: local\n  hooks:\n  - id: a\n    args: |\n"
            "      # no comment\n      x\n- repo: https://here\n  rev: v1\n"
            "  hooks:\n    - id: race-tidy\n");
  EXPECT_EQ(hook("repos: []\nfail_fast: true\n"),
            "repos:\n  - repo: https://here\n    rev: v1\n    hooks:\n"
            "      - id: race-tidy\nfail_fast: true\n");
  EXPECT_EQ(hook("fail_fast: true\n"),
            "fail_fast: true\nrepos:\n  - repo: https://here\n    rev: v1\n"
            "    hooks:\n      - id: race-tidy\n");
}

TEST(ConfigEdit, HooksThatAreBroken) {
  EXPECT_EQ(hook("repos:\n  - repo: 'x\n").find("error: .pre-commit-config"),
            0u);
  EXPECT_EQ(hook("- repo: x\n").find("error: .pre-commit-config.yaml:1:1"), 0u);
  EXPECT_EQ(hook("repos: 1\n").find("error: .pre-commit-config.yaml: add"), 0u);
  EXPECT_EQ(hook("repos: [{repo: x, hooks: []}]\n")
                .find("error: .pre-commit-config.yaml: add"),
            0u);
  EXPECT_EQ(hook("repos:\n\t- x\n").find("error: .pre-commit-config.yaml:"),
            0u);
}

// docs/checks/race-use-after-release.md: references that are counted.
struct Entry {
  std::atomic<int> refs;
  int hits;
};
Entry *lookup(const char *key);
@SNIPPET@

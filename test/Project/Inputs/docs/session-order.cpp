// docs/checks/race-use-after-release.md: what lies in an argument.
static std::map<std::string, int> byName;
struct Order { void remove(const std::string &name); };
static Order order;
@SNIPPET@

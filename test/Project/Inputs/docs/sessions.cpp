// docs/checks/race-use-after-release.md: elements.
struct Session {
  int id;
  std::string peer;
};
static std::map<int, Session> sessions;
void account(const std::string &peer);
@SNIPPET@

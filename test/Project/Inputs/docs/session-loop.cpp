// docs/checks/race-use-after-release.md: loops over what they change.
struct Session {
  bool expired() const;
};
void sweep(std::map<int, std::unique_ptr<Session>> &sessions) {
@SNIPPET@
}

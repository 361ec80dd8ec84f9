// docs/checks/race-use-after-release.md: what frees now and then.
struct Connection {
  int id;
};
int write_all(Connection *);
@SNIPPET@

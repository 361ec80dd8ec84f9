// docs/checks/race-use-after-release.md: references.
struct Connection {
  int id, refs;
};
class Pool {
public:
  Connection *get();
  void put(Connection *conn);
};
@SNIPPET@

// docs/checks/race-use-after-release.md: tables.
struct Thread {
  int status;
};
class Threads {
public:
  Thread *get(int id) { return all_[id]; }
  void destroy(int id) {
    delete all_[id];
    all_[id] = nullptr;
  }

private:
  Thread *all_[100];
};
void report(int status);
Threads threads;
void finish(int id) {
@SNIPPET@
}

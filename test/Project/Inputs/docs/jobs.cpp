// docs/checks/race-use-after-release.md: hand-over.
struct Job {
  int flags;
};
enum { Flush = 1 };
class Worker {
public:
  void complete(Job *job);
  void collect();
  void run(Job *job);
  void flush();

private:
  std::mutex mu_;
  std::vector<Job *> done_;
};
@SNIPPET@

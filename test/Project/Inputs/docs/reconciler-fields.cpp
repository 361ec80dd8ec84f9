// docs/checks/race-stale-thread-comment.md: the fields of a class, of which two threads touch the map
// under the lock.
class Reconciler;
class MetricsReporter {
public:
  explicit MetricsReporter(Reconciler &reconciler) : reconciler_(reconciler) {}
  void start();

private:
  void report(std::size_t count);
  Reconciler &reconciler_;
  std::thread thread_;
};
class Reconciler {
public:
  void run();
  std::size_t pendingCount() const { 
    std::lock_guard<std::mutex> lock(mu_);
    return pending_.size();
  }

private:
@SNIPPET@
};
void MetricsReporter::start() {
  thread_ = std::thread([this] { report(reconciler_.pendingCount()); });
}
void Reconciler::run() {
  std::lock_guard<std::mutex> lock(mu_);
  pending_["a"] = 1;
}
void MetricsReporter::report(std::size_t) {}
int main() {
  Reconciler *reconciler = new Reconciler;
  MetricsReporter *metrics = new MetricsReporter(*reconciler);
  metrics->start();
  std::thread loop([reconciler] { reconciler->run(); });
  loop.join();
}

// docs/checks/race-stale-thread-comment.md: a class with a loop and a map, and the thread that
// reads along.
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
@SNIPPET@
void Reconciler::run() { pending_["a"] = 1; }
void MetricsReporter::report(std::size_t) {}
int main() {
  Reconciler *reconciler = new Reconciler;
  MetricsReporter *metrics = new MetricsReporter(*reconciler);
  metrics->start();
  std::thread loop([reconciler] { reconciler->run(); });
  loop.join();
}

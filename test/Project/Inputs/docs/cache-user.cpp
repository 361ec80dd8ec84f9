// docs/checks/race-check-then-act.md: what stands in a method of a service with a cache.
struct Record {
  int number;
};
class RecordCache {
public:
  std::optional<Record> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = records_.find(key);
    if (it == records_.end())
      return std::nullopt;
    return it->second;
  }
  void set(const std::string &key, const Record &record) {
    std::lock_guard<std::mutex> lock(mu_);
    records_[key] = record;
  }
  template <typename Create> Record getOrCreate(const std::string &key, Create create) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = records_.find(key);
    if (it == records_.end())
      it = records_.emplace(key, create()).first;
    return it->second;
  }

private:
  mutable std::mutex mu_;
  std::unordered_map<std::string, Record> records_;
};
class RecordService {
public:
  Record getOrCreate(const std::string &key);
  Record create(const std::string &key);
  Record more(const std::string &key, const Record &record);

private:
  RecordCache cache_;
  std::mutex mu_, createMu_;
  std::once_flag once_;
  std::unordered_map<std::string, Record> records_;
};
void work(RecordService &service) { service.getOrCreate("a"); }
void start(RecordService &service) {
  std::thread worker(work, std::ref(service));
  worker.join();
}
Record RecordService::more(const std::string &key, const Record &record) {
@SNIPPET@
  return record;
}

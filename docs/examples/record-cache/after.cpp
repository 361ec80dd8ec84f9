// A service that keeps one record per customer: looked up in a cache, created
// in the database on first sight.
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <cstddef>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

struct Record {
  int number;
  std::string customer;
};

/// Stands for a database table: the server is a round trip away, so that other
/// threads run while one waits for its insert.
class RecordTable {
public:
  Record insert(const std::string &customer) {
    std::this_thread::yield();
    std::lock_guard<std::mutex> lock(mu_);
    rows_.push_back({static_cast<int>(rows_.size()), customer});
    return rows_.back();
  }

  std::vector<Record> rows() const {
    std::lock_guard<std::mutex> lock(mu_);
    return rows_;
  }

private:
  mutable std::mutex mu_;
  std::vector<Record> rows_;
};

/// Thread-safe: every operation takes the lock.
class RecordCache {
public:
  /// The record of a key, made by create() if there is none. One lock over
  /// both, so that two callers cannot both find none.
  template <typename CreateFn>
  Record getOrCreate(const std::string &key, CreateFn create) {
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
  explicit RecordService(RecordTable &table) : table_(table) {}

  /// The record of a customer, made if there is none yet.
  Record getOrCreate(const std::string &key) {
    return cache_.getOrCreate(key, [&] { return create(key); });
  }

private:
  Record create(const std::string &key) { return table_.insert(key); }

  RecordTable &table_;
  RecordCache cache_;
};

int main() {
  constexpr int Threads = 4;
  constexpr int Customers = 20000;

  RecordTable table;
  RecordService service(table);
  std::vector<std::thread> threads;
  for (int i = 0; i < Threads; ++i)
    threads.emplace_back([&service] {
      for (int customer = 0; customer < Customers; ++customer)
        service.getOrCreate("customer-" + std::to_string(customer));
    });
  for (std::thread &thread : threads)
    thread.join();

  std::map<std::string, int> created;
  for (const Record &record : table.rows())
    ++created[record.customer];
  std::size_t twice = 0;
  for (const auto &[customer, count] : created)
    if (count > 1)
      ++twice;
  std::printf("%d customers, %zu with more than one record\n", Customers,
              twice);
}

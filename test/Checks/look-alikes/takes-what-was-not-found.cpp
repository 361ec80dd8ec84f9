// RUN: %check_race %s 'race-*' -- -std=c++17
// Must stay silent but for what is marked: what was not found is not there to be taken out.
#include <map>
#include <mutex>
struct Stream {
  int id;
};
class Streams {
public:
  Stream *find(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = streams_.find(id);
    return it == streams_.end() ? nullptr : it->second;
  }
  void remove(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    streams_.erase(id);
  }
  void add(int id, Stream *s) {
    std::lock_guard<std::mutex> lock(mu_);
    streams_[id] = s;
  }

private:
  std::mutex mu_;
  std::map<int, Stream *> streams_;
};

int endGood(Streams &s, int id) {
  Stream *found = s.find(id);
  if (!found) {
    s.remove(id);
    return -1;
  }
  return found->id;
}

int addBad(Streams &s, int id, Stream *made) {
  Stream *found = s.find(id);
  if (!found) {
    s.add(id, made);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 's'
    return -1;
  }
  return found->id;
}

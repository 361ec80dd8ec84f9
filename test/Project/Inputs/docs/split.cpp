// docs/checks/race-check-then-act.md: a question in one function, the act in another.
class Slots {
public:
  bool contains(int slot) const {
    std::lock_guard<std::mutex> lock(mu_);
    return slots_.find(slot) != slots_.end();
  }
  void insert(int slot) {
    std::lock_guard<std::mutex> lock(mu_);
    slots_[slot] = 1;
  }

private:
  mutable std::mutex mu_;
  std::map<int, int> slots_;
};
class Scheduler {
public:
  bool isFree(int slot);
  void occupy(int slot);

private:
  Slots busy_;
};
@SNIPPET@

// docs/checks/race-check-then-act.md: a list that is searched, and added to.
struct Peer {
  int Id;
};
Peer *dial(int Id);

class Registry {
public:
  bool has(int Id) const {
    std::lock_guard<std::mutex> Lock(Mu);
    for (const Peer *P : All)
      if (P->Id == Id)
        return true;
    return false;
  }
  void add(Peer *P) {
    std::lock_guard<std::mutex> Lock(Mu);
    All.push_back(P);
  }

private:
  mutable std::mutex Mu;
  std::vector<Peer *> All;
};

void ensure(Registry &R, int Id) {
@SNIPPET@
}

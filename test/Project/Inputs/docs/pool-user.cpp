// docs/checks/race-use-after-release.md: what stands in a function that has borrowed
// `conn`.
struct Connection {
  void write(const std::string &text);
};
struct Request {
  bool cancelled() const;
};
std::string answer(const Request &request);
class ConnectionPool {
public:
  Connection *get() {
    std::lock_guard<std::mutex> lock(mu_);
    Connection *conn = free_.back();
    free_.pop_back();
    return conn;
  }
  void put(Connection *conn) {
    std::lock_guard<std::mutex> lock(mu_);
    free_.push_back(conn);
  }

private:
  std::mutex mu_;
  std::vector<Connection *> free_;
};
class RequestHandler {
public:
  void handle(const Request &request, bool failed, const std::string &bye);
  void flush() { last_->write("flushed"); }

private:
  ConnectionPool &pool_;
  Connection *last_;
};
void RequestHandler::handle(const Request &request, bool failed, const std::string &bye) {
  Connection *conn = pool_.get();
  conn->write("begin");
  {
@SNIPPET@
  }
}

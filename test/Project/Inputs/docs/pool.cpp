// docs/checks/race-use-after-release.md: a pool and who uses it, all in the page.
struct Connection {
  void write(const std::string &text);
};
struct Request {
  bool cancelled() const;
};
std::string answer(const Request &request);
class ConnectionPool;
class RequestHandler {
public:
  void handle(const Request &request);

private:
  ConnectionPool &pool_;
};
@SNIPPET@

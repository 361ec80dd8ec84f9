// A small query server: worker threads answer requests over connections that
// they borrow from a pool.
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <cstdio>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

struct Request {
  int id;
  int rows;
  /// The client hangs up after this many rows; -1 if it stays.
  int hangsUpAfter;

  bool cancelled(int row) const { return row == hangsUpAfter; }
};

/// A stream to the gateway. Like a socket it takes one write at a time, and
/// keeps their order.
class Connection {
public:
  /// Starts a response. Only fills the send buffer.
  void begin(int requestId) { append(requestId, "begin"); }

  /// Waits for the peer to take it, so that other threads run meanwhile.
  void write(int requestId, const std::string &text) {
    std::this_thread::yield();
    append(requestId, text);
  }

  /// Everything that went out so far.
  std::string sent() const {
    std::lock_guard<std::mutex> lock(mu_);
    return sent_;
  }

private:
  void append(int requestId, const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    sent_ += std::to_string(requestId) + ' ' + text + '\n';
  }

  mutable std::mutex mu_;
  std::string sent_;
};

/// Hands out idle connections and opens a new one when there is none. A
/// connection belongs to whoever got it until it is put back.
class ConnectionPool {
public:
  Connection *get() {
    std::lock_guard<std::mutex> lock(mu_);
    if (free_.empty()) {
      all_.push_back(std::make_unique<Connection>());
      return all_.back().get();
    }
    Connection *conn = free_.back();
    free_.pop_back();
    return conn;
  }

  void put(Connection *conn) {
    std::lock_guard<std::mutex> lock(mu_);
    free_.push_back(conn);
  }

  std::vector<std::string> transcripts() const {
    std::lock_guard<std::mutex> lock(mu_);
    std::vector<std::string> result;
    for (const auto &conn : all_)
      result.push_back(conn->sent());
    return result;
  }

private:
  mutable std::mutex mu_;
  std::vector<std::unique_ptr<Connection>> all_;
  std::vector<Connection *> free_;
};

class RequestHandler {
public:
  explicit RequestHandler(ConnectionPool &pool) : pool_(pool) {}

  void handle(const Request &request) {
    Connection *conn = pool_.get();
    conn->begin(request.id);
    for (int row = 0; row < request.rows; ++row) {
      if (request.cancelled(row)) {
        conn->write(request.id, "error: request was cancelled");
        pool_.put(conn);
        return;
      }
      conn->write(request.id, "row " + std::to_string(row));
    }
    conn->write(request.id, "end");
    pool_.put(conn);
  }

private:
  ConnectionPool &pool_;
};

/// How many responses in the transcript of one connection hold a line of
/// another request.
static int countMixedUp(const std::string &transcript) {
  std::istringstream lines(transcript);
  int mixedUp = 0;
  int open = -1; // The request whose response has begun and not ended.
  int id;
  std::string text;
  while (lines >> id && std::getline(lines, text)) {
    if (text == " begin") {
      open = id;
    } else if (open != -1 && id != open) {
      ++mixedUp;
      open = -1;
    } else if (text == " end") {
      open = -1;
    }
  }
  return mixedUp;
}

int main() {
  constexpr int Workers = 4;
  constexpr int RequestsPerWorker = 10000;

  ConnectionPool pool;
  RequestHandler handler(pool);
  std::vector<std::thread> workers;
  for (int worker = 0; worker < Workers; ++worker)
    workers.emplace_back([&handler, worker] {
      for (int i = 0; i < RequestsPerWorker; ++i) {
        int id = worker * RequestsPerWorker + i;
        handler.handle({id, 3, id % 4 == 0 ? 1 : -1});
      }
    });
  for (std::thread &worker : workers)
    worker.join();

  int mixedUp = 0;
  for (const std::string &transcript : pool.transcripts())
    mixedUp += countMixedUp(transcript);
  std::printf("%d requests, %d responses with another request's bytes\n",
              Workers * RequestsPerWorker, mixedUp);
}

// RUN: %check_race %s 'race-*' -- -std=c++17
// trafficserver 9.2.5, proxy/http2/Http2Stream.cc:189 and 501. The model says
// that VConnection::do_io_close hands the connection back; this class overrides
// it, the body is here and only marks the stream closed, and the call is on
// *this. Expect: silent.
#include <mutex>
class VConnection { public: virtual void do_io_close(int = -1) = 0; virtual ~VConnection(); };
class Stream : public VConnection {
  std::mutex M;
  bool Closed = false, Terminate = false;
public:
  void do_io_close(int = -1) override { std::lock_guard<std::mutex> L(M); Closed = true; }
  void done() {
    if (!Closed)
      do_io_close();
    Terminate = true;
  }
};

// RUN: %check_race %s 'race-*' -- -std=c++17
// trafficserver 9.2.5, proxy/http2/Http2ClientSession.cc:64. A pure accessor
// without arguments is taken for the function that hands out what common_free
// takes back. Expect: silent.
#include <mutex>
class Session { public: std::mutex M; int Sent = 0; };
class Common {
public:
  virtual Session *get_session() = 0;
  bool common_free(Session *S);
};
class Client : public Session, public Common {
public:
  Session *get_session() override { return this; }
  void finish() {
    if (common_free(this))
      Sent = 1;
  }
};

// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// Matter: pools of objects of a fixed number, objects that count their
// references and release themselves.

#include <cstdint>

namespace chip {
template <class T> class ObjectPool {
public:
  template <typename... Args> T *CreateObject(Args &&...);
  void ReleaseObject(T *element);
};

class ReferenceCounted {
public:
  ReferenceCounted *Retain();
  void Release();
};

class CommandHandler {
public:
  int mStatus = 0;
  void Close();
};

class CommandCallback {
public:
  virtual void OnDone(CommandHandler &handler) = 0;
};

class InteractionModel : public CommandCallback {
public:
  void OnDone(CommandHandler &handler) override {
    mPool.ReleaseObject(&handler);
  }
  int processBad() {
    CommandHandler *handler = mPool.CreateObject();
    if (!handler)
      return -1;
    handler->Close();
    mPool.ReleaseObject(handler);
    return handler->mStatus;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'handler' is used after it was handed back to 'mPool'
  }
  int processGood() {
    CommandHandler *handler = mPool.CreateObject();
    if (!handler)
      return -1;
    handler->Close();
    int status = handler->mStatus;
    mPool.ReleaseObject(handler);
    return status;
  }

private:
  ObjectPool<CommandHandler> mPool;
};

namespace Messaging {
class ExchangeContext : public ReferenceCounted {
public:
  void Close();
  void Abort();
  bool IsSendExpected() const;
  uint16_t GetExchangeId() const;
};
} // namespace Messaging

class Session {
public:
  void doneBad() {
    mExchange->Close();
    mLast = mExchange->GetExchangeId();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'mExchange' is used after its reference was dropped by 'Close'
    mExchange = nullptr;
  }
  void doneGood() {
    mLast = mExchange->GetExchangeId();
    mExchange->Close();
    mExchange = nullptr;
  }
  void retained() {
    mExchange->Retain();
    mExchange->Close();
    mLast = mExchange->GetExchangeId();
  }

private:
  Messaging::ExchangeContext *mExchange = nullptr;
  uint16_t mLast = 0;
};
} // namespace chip

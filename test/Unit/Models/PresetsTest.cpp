//===- PresetsTest.cpp - The models that come with the program ------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Models/Presets.h"
#include "ModelTestSupport.h"
#include "race/Models/ModelsYaml.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "gtest/gtest.h"

using namespace race;
using namespace race::modeltest;

TEST(Presets, EachParsesAndSaysSomething) {
  EXPECT_GT(embeddedPresets().size(), 30u);
  for (const Preset &P : embeddedPresets()) {
    auto Doc = parseModels({P.Yaml, P.Name});
    ASSERT_TRUE(bool(Doc)) << llvm::toString(Doc.takeError());
    EXPECT_FALSE(Doc->Functions.empty() && Doc->Types.empty()) << P.Name.str();
  }
}

// Two presets with one name would make the order of files matter.
TEST(Presets, NoNameIsInTwo) {
  llvm::StringMap<llvm::StringRef> Functions, Types;
  for (const Preset &P : embeddedPresets()) {
    auto Doc = parseModels({P.Yaml, P.Name});
    ASSERT_TRUE(bool(Doc)) << llvm::toString(Doc.takeError());
    for (const FunctionModel &F : Doc->Functions) {
      std::string Key = F.Name;
      if (F.Parameters)
        Key += "(" + llvm::join(*F.Parameters, ",") + ")";
      auto [At, IsNew] = Functions.try_emplace(Key, P.Name);
      EXPECT_TRUE(IsNew) << Key << " in " << P.Name.str() << " and "
                         << At->second.str();
    }
    for (const TypeModel &T : Doc->Types) {
      auto [At, IsNew] = Types.try_emplace(T.Name, P.Name);
      EXPECT_TRUE(IsNew) << T.Name << " in " << P.Name.str() << " and "
                         << At->second.str();
    }
  }
}

// A hand-back whose argument is at the wrong place is a false alarm: the
// declarations below are those of the libraries.
TEST(Presets, PoolsInC) {
  expectLines(Models::withPresets(), R"c(
#include <stddef.h>
struct rte_mbuf; struct rte_mempool; struct rte_comp_op;
void rte_pktmbuf_free(struct rte_mbuf *); struct rte_mbuf *rte_pktmbuf_alloc(struct rte_mempool *);
void rte_pktmbuf_free_bulk(struct rte_mbuf **, unsigned);
void rte_mempool_put(struct rte_mempool *, void *); int rte_mempool_get(struct rte_mempool *, void **);
int spdk_bdev_free_io(struct spdk_bdev_io *); void spdk_put_io_channel(struct spdk_io_channel *);
struct pool_head; void pool_free(struct pool_head *, void *); void *pool_alloc(struct pool_head *);
typedef struct ngx_pool_s ngx_pool_t; long ngx_pfree(ngx_pool_t *, void *); void *ngx_palloc(ngx_pool_t *, size_t);
typedef struct ngx_connection_s ngx_connection_t; void ngx_close_connection(ngx_connection_t *);
struct mempool; void MPL_Free(struct mempool *, void *);
struct mbuf; void m_freem(struct mbuf *); struct net_buf; void net_buf_unref(struct net_buf *);
struct memb; char memb_free(struct memb *, void *);
typedef struct st_h2o_socketpool_t h2o_socketpool_t; int h2o_socketpool_return(h2o_socketpool_t *, void *);
typedef struct st_h2o_buffer_t h2o_buffer_t; void h2o_buffer_dispose(h2o_buffer_t **);
typedef struct client client; void freeClient(client *); client *createClient(int);
typedef struct apr_pool_t apr_pool_t; void apr_pool_destroy(apr_pool_t *);
typedef struct apr_reslist_t apr_reslist_t; int apr_reslist_release(apr_reslist_t *, void *);
void gst_buffer_pool_release_buffer(struct pool *, struct buf *);
typedef struct AVBufferRef AVBufferRef; void av_buffer_unref(AVBufferRef **);
struct kmem_cache; void kmem_cache_free(struct kmem_cache *, void *);
typedef struct mempool_s mempool_t; void mempool_free(void *, mempool_t *);
void g_slice_free1(size_t, void *); void kfree_skb(struct sk_buff *);
void f(void *P, void **PP, struct pool_head *H, ngx_pool_t *N, client *C, mempool_t *M, h2o_buffer_t *B) {
  rte_pktmbuf_free(P); // = hand-back arg0 chain next 'mbuf'
  rte_pktmbuf_free_bulk(P, 3); // = hand-back *arg0 'mbuf'
  rte_pktmbuf_alloc(P); // = acquire result 'mbuf'
  rte_mempool_put(P, P); // = hand-back arg1 'mempool object'
  rte_mempool_get(P, PP); // = acquire *arg1 'mempool object'
  spdk_bdev_free_io(P); // = hand-back arg0 'I/O'
  spdk_put_io_channel(P); // = hand-back arg0 reference 'I/O channel'
  pool_free(H, P); // = hand-back arg1 'pool object'
  pool_alloc(H); // = acquire result 'pool object'
  ngx_pfree(N, P); // = hand-back arg1 when false 'memory'
  ngx_palloc(N, 1); // = acquire result from arg0 'memory'
  ngx_close_connection(P); // = hand-back arg0 'connection'
  MPL_Free(P, P); // = hand-back arg1 'pool object'
  m_freem(P); // = hand-back arg0 chain m_next 'mbuf'
  net_buf_unref(P); // = hand-back arg0 reference 'buffer'
  memb_free(P, P); // = hand-back arg1 'block'
  h2o_socketpool_return(P, P); // = hand-back arg1 'socket'
  h2o_buffer_dispose(&B); // = hand-back *arg0 nulls 'buffer'
  freeClient(C); // = hand-back arg0 'client'
  createClient(1); // = acquire result 'client'
  apr_pool_destroy(P); // = hand-back arg0 arena 'pool'
  apr_reslist_release(P, P); // = hand-back arg1 'resource'
  gst_buffer_pool_release_buffer(P, P); // = hand-back arg1 'buffer'
  av_buffer_unref(P); // = hand-back *arg0 nulls reference 'buffer'
  kmem_cache_free(P, P); // = hand-back arg1 'object'
  mempool_free(P, M); // = hand-back arg0 'pool element'
  g_slice_free1(1, P); // = hand-back arg1 'slice'
  kfree_skb(P); // = hand-back arg0 reference 'skb'
}
)c",
              "gnu11");
}

// The same names in somebody else's program are somebody else's functions.
TEST(Presets, CommonNamesNeedTheirTypes) {
  expectLines(Models::withPresets(), R"c(
struct mypool; struct conn;
void pool_free(void *, struct mypool *); void *pool_alloc(struct mypool *);
void freeClient(struct conn *); void mempool_free(struct mypool *, void *);
void m_free(void *); void session_free(struct conn *); void decrRefCount(int *);
void f(void *P) {
  pool_free(P, P); // = nothing
  pool_alloc(P); // = nothing
  freeClient(P); // = nothing
  mempool_free(P, P); // = nothing
  m_free(P); // = nothing
  session_free(P); // = nothing
  decrRefCount(P); // = nothing
}
)c",
              "gnu11");
}

TEST(Presets, PoolsInCxx) {
  expectLines(Models::withPresets(), R"cpp(
namespace butil { template <class T> int return_object(T *); template <class T> T *get_object(); }
namespace brpc { struct RpcPBMessages; struct RpcPBMessageFactory { virtual void Return(RpcPBMessages *) = 0; };
struct DefaultRpcPBMessageFactory : RpcPBMessageFactory { void Return(RpcPBMessages *) override; }; }
namespace folly { template <class T> struct IndexedMemPool { void recycleIndex(unsigned); unsigned allocIndex(); };
struct DelayedDestruction { virtual void destroy(); }; }
struct Session : folly::DelayedDestruction {};
namespace rocksdb { struct Cache { struct Handle; virtual bool Release(Handle *, bool = false) = 0; virtual Handle *Lookup(int) = 0; }; }
namespace kudu { namespace rpc { struct RpcContext { void RespondSuccess(); }; } }
namespace chip { template <class T, int N> struct ObjectPool { void ReleaseObject(T *); }; }
template <class T> struct RID_Owner { void free(int); };
namespace boost { template <class T> struct object_pool { void destroy(T *); T *malloc(); }; }
namespace Poco { template <class C, class P, class F> struct ObjectPool { void returnObject(P); }; }
namespace soci { struct connection_pool { void give_back(unsigned); unsigned lease(); }; }
template <class C> struct ClassAllocator { void free(C *); C *alloc(); };
struct VConnection { virtual void do_io_close(int = -1) = 0; };
struct NetVConnection : VConnection { void do_io_close(int = -1) override; };
void f(int *P, brpc::DefaultRpcPBMessageFactory &F, folly::IndexedMemPool<int> &I, Session &S, rocksdb::Cache &C,
       kudu::rpc::RpcContext &K, chip::ObjectPool<int, 1> &O, RID_Owner<int> &R, boost::object_pool<int> &B,
       Poco::ObjectPool<int, int *, int> &Q, soci::connection_pool &D, ClassAllocator<int> &A, NetVConnection &V) {
  butil::return_object(P); // = hand-back arg0 'pool object'
  butil::get_object<int>(); // = acquire result 'pool object'
  F.Return(nullptr); // = hand-back arg0 'messages'
  I.recycleIndex(1); // = hand-back arg0 'index'
  S.destroy(); // = hand-back this reference 'object'
  C.Release(nullptr); // = hand-back arg0 'cache handle'
  C.Lookup(1); // = acquire result 'cache handle', query this key arg0
  K.RespondSuccess(); // = hand-back this 'RPC context'
  O.ReleaseObject(P); // = hand-back arg0 'pool object'
  R.free(1); // = hand-back arg0 'RID'
  B.destroy(P); // = hand-back arg0 'pool object'
  B.malloc(); // = acquire result 'pool object'
  Q.returnObject(P); // = hand-back arg0 'pool object'
  D.give_back(1); // = hand-back arg0 'pool position'
  D.lease(); // = acquire result 'pool position'
  A.free(P); // = hand-back arg0 'object'
}
)cpp");
}

TEST(Presets, LocksAndContainersInCxx) {
  Models Known = Models::withPresets();
  expectLines(Known, R"cpp(
namespace absl { inline namespace lts { struct Mutex { void Lock(); void ReaderLock(); bool TryLock(); void AssertHeld() const; void Await(int); };
struct CondVar { void Wait(Mutex *); };
namespace container_internal { template <class P> struct raw_hash_set { int find(int); bool contains(int); int insert(int); };
template <class P> struct raw_hash_map : raw_hash_set<P> { int &operator[](int); int try_emplace(int, int); }; }
template <class K> struct flat_hash_map : container_internal::raw_hash_map<K> { using Base = container_internal::raw_hash_map<K>; using Base::find; }; } }
struct QBasicMutex { void lock(); bool tryLock(int = 0); }; struct QMutex : QBasicMutex {};
struct QReadWriteLock { void lockForRead(); };
namespace folly { template <bool B> struct SharedMutexImpl { void lock_shared(); void unlock_upgrade(); };
template <class K> struct ConcurrentHashMap { int find(int); int insert(int, int); int insert_or_assign(int, int); }; }
namespace tbb { namespace detail { namespace d2 { template <class K> struct concurrent_hash_map { bool find(int &, int); bool insert(int &, int); bool insert(int); int count(int); };
template <class T> struct concurrent_queue { bool try_pop(T &); bool empty(); }; }
namespace d1 { void parallel_for(int, int, void (*)(int)); } }
inline namespace v1 { using detail::d2::concurrent_hash_map; using detail::d1::parallel_for; } }
namespace phmap { namespace priv { template <int N> struct parallel_hash_set { bool contains(int); template <class F> bool lazy_emplace_l(int, F, F); }; } 
template <class K> struct parallel_flat_hash_map : priv::parallel_hash_set<4> {}; }
namespace boost { namespace lockfree { template <class T> struct queue { bool pop(T &); bool empty(); }; } }
namespace rocksdb { namespace port { struct Mutex { void Lock(); void AssertHeld(); }; } struct DB { int Get(int, int, int *); int Put(int, int, int, int); }; }
namespace kudu { struct rw_spinlock { void lock_shared(); }; }
void cb(int);
void f(absl::Mutex &A, absl::CondVar &C, absl::flat_hash_map<int> &H, QMutex &Q, QReadWriteLock &W, folly::SharedMutexImpl<true> &S,
       folly::ConcurrentHashMap<int> &F, tbb::concurrent_hash_map<int> &T, tbb::detail::d2::concurrent_queue<int> &U,
       phmap::parallel_flat_hash_map<int> &P, boost::lockfree::queue<int> &B, rocksdb::port::Mutex &M, rocksdb::DB &D, kudu::rw_spinlock &K, int X) {
  A.Lock(); // = lock acquire this
  A.ReaderLock(); // = lock acquire this shared
  A.TryLock(); // = lock acquire this when true
  A.AssertHeld(); // = lock assert-held this
  A.Await(1); // = lock wait this
  C.Wait(&A); // = lock wait arg0
  H.find(1); // = query this key arg0
  H.contains(1); // = query this key arg0
  H[1]; // = act this key arg0
  H.try_emplace(1, 1); // = act this key arg0 atomic-if-used
  Q.lock(); // = lock acquire this
  Q.tryLock(); // = lock acquire this when true
  W.lockForRead(); // = lock acquire this shared
  S.lock_shared(); // = lock acquire this shared
  S.unlock_upgrade(); // = lock release this
  F.find(1); // = query this key arg0
  F.insert_or_assign(1, 1); // = act this key arg0
  T.find(X, 1); // = query this key arg1
  T.insert(X, 1); // = atomic this key arg1
  T.insert(1); // = act this key arg0 atomic-if-used
  T.count(1); // = query this key arg0
  U.try_pop(X); // = atomic this
  U.empty(); // = query this
  tbb::parallel_for(0, 1, cb); // = parallel args0+ concurrent
  P.contains(1); // = query this key arg0
  P.lazy_emplace_l(1, cb, cb); // = atomic this key arg0, calls-arguments
  B.pop(X); // = atomic this
  M.Lock(); // = lock acquire this
  M.AssertHeld(); // = lock assert-held this
  D.Get(1, 1, &X); // = query this key arg1
  D.Put(1, 1, 1, 1); // = act this key arg2
  K.lock_shared(); // = lock acquire this shared
}
)cpp");
  auto Unit = parse(R"cpp(
namespace folly { template <class T> struct LockedPtr {}; template <class T> struct Synchronized {}; }
namespace absl { struct ReaderMutexLock {}; struct ReleasableMutexLock {}; }
struct QMutexLocker {}; namespace kudu { template <class M> struct shared_lock {}; }
folly::LockedPtr<int> L; absl::ReaderMutexLock R; absl::ReleasableMutexLock E; QMutexLocker Q; kudu::shared_lock<int> K;
folly::Synchronized<int> S;
)cpp");
  for (const char *Name : {"L", "R", "E", "Q", "K"}) {
    const TypeModel *T =
        Known.lookup(find<clang::VarDecl>(*Unit, Name)->getType());
    ASSERT_TRUE(T) << Name;
    EXPECT_EQ(T->Kind, TypeModel::Guard) << Name;
  }
  const TypeModel *T =
      Known.lookup(find<clang::VarDecl>(*Unit, "S")->getType());
  ASSERT_TRUE(T);
  EXPECT_TRUE(T->Synchronized);
}

TEST(Presets, Threads) {
  expectLines(Models::withPresets(), R"cpp(
struct uv_thread_t; struct uv_work_t; struct uv_loop_t; struct event_base;
extern "C" {
int uv_thread_create(uv_thread_t *, void (*)(void *), void *);
int uv_queue_work(uv_loop_t *, uv_work_t *, void (*)(uv_work_t *), void (*)(uv_work_t *, int));
void *event_new(event_base *, int, short, void (*)(int, short, void *), void *);
void *g_thread_new(const char *, void *(*)(void *), void *); unsigned g_idle_add(int (*)(void *), void *);
int bthread_start_background(unsigned long *, const int *, void *(*)(void *), void *);
int rte_eal_remote_launch(int (*)(void *), void *, unsigned);
int spdk_thread_send_msg(const struct spdk_thread *, void (*)(void *), void *);
}
namespace boost { namespace asio { template <class E, class H> void post(E &, H &&); struct io_context { template <class H> void post(H &&); }; } 
struct thread { template <class F> explicit thread(F); thread(thread &&); void join(); }; }
namespace folly { struct Executor { virtual void add(void (*)()) = 0; }; struct Pool : Executor { void add(void (*)()) override; };
template <class T> struct Future { template <class F> int thenValue(F &&); }; }
namespace QtConcurrent { template <class F> int run(F &&); }
struct QThread { void start(int = 0); bool wait(int = 0); }; struct Mine : QThread {};
namespace trantor { struct EventLoop { void runEvery(double, void (*)()); void queueInLoop(void (*)()); }; }
namespace process { template <class T> void dispatch(T &, void (*)()); }
void v(void *); void *p(void *); int i(void *); void w(uv_work_t *); void a(uv_work_t *, int); void e(int, short, void *); void t();
boost::thread make();
void f(boost::asio::io_context &C, folly::Pool &P, folly::Future<int> &U, Mine &Q, trantor::EventLoop &L, void *D) {
  uv_thread_create(nullptr, v, D); // = thread arg1 context arg2
  uv_queue_work(nullptr, nullptr, w, a); // = task arg2 context arg1, loop arg3 context arg1
  event_new(nullptr, 1, 1, e, D); // = loop arg3
  g_thread_new("", p, D); // = thread arg1 context arg2
  g_idle_add(i, D); // = loop arg0 context arg1
  bthread_start_background(nullptr, nullptr, p, D); // = task arg2 context arg3
  rte_eal_remote_launch(i, D, 1); // = thread arg0 context arg1
  spdk_thread_send_msg(nullptr, v, D); // = loop arg1 context arg2
  boost::asio::post(C, t); // = loop args0+
  C.post(t); // = loop arg0
  boost::thread T(t); // = thread args0+
  boost::thread M(static_cast<boost::thread &&>(T)); // = no effects
  P.add(t); // = task args0+
  U.thenValue(t); // = callback args0+
  QtConcurrent::run(t); // = task args0+
  Q.start(); // = thread this
  Q.wait(); // = join this
  L.runEvery(1, t); // = loop arg1
  L.queueInLoop(t); // = loop arg0
  process::dispatch(C, t); // = loop args1+
}
)cpp");
}

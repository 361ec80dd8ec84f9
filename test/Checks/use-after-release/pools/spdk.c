// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// SPDK's completions: the I/O goes back to its channel's cache, then the
// context that came with it is completed.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spdk_bdev_io {
  struct {
    uint64_t num_blocks;
    int status;
  } u;
  void *driver_ctx;
};
struct spdk_io_channel;
void spdk_bdev_free_io(struct spdk_bdev_io *bdev_io);
void spdk_put_io_channel(struct spdk_io_channel *ch);
struct spdk_io_channel *spdk_get_io_channel(void *io_device);
void *spdk_io_channel_get_ctx(struct spdk_io_channel *ch);

struct spdk_iscsi_task {
  struct spdk_iscsi_conn *conn;
  int status;
  unsigned transferred;
};
struct spdk_iscsi_conn {
  int pending_task_cnt;
  struct spdk_iscsi_task *current;
};
void spdk_iscsi_task_put(struct spdk_iscsi_task *task);
void conn_release(struct spdk_iscsi_conn *conn);

struct request {
  struct spdk_bdev_io *bdev_io;
  void (*done)(struct request *req, int status);
  uint64_t blocks;
};

static void request_complete(struct request *req) {
  if (req->bdev_io != NULL) {
    spdk_bdev_free_io(req->bdev_io);
    req->bdev_io = NULL;
  }
}

void read_done_bad(struct spdk_bdev_io *bdev_io, bool success, void *cb_arg) {
  struct request *req = cb_arg;
  int status = success ? 0 : -5;
  spdk_bdev_free_io(bdev_io);
  if (success)
    req->blocks += bdev_io->u.num_blocks;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'bdev_io' is used after it was handed back by 'spdk_bdev_free_io'
  req->done(req, status);
}

void read_done_good(struct spdk_bdev_io *bdev_io, bool success, void *cb_arg) {
  struct request *req = cb_arg;
  if (success)
    req->blocks += bdev_io->u.num_blocks;
  spdk_bdev_free_io(bdev_io);
  req->done(req, success ? 0 : -5);
}

int retry_bad(struct request *req) {
  struct spdk_bdev_io *io = req->bdev_io;
  request_complete(req);
  return io->u.status;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'req->bdev_io' is used after it was handed back by 'request_complete'
}

int retry_good(struct request *req) {
  int status = req->bdev_io ? req->bdev_io->u.status : 0;
  request_complete(req);
  return status;
}

void task_done_bad(struct spdk_iscsi_task *task) {
  struct spdk_iscsi_conn *conn = task->conn;
  conn->pending_task_cnt--;
  spdk_iscsi_task_put(task);
  if (task->status != 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'task' is used after its reference was dropped by 'spdk_iscsi_task_put'
    conn_release(conn);
}

void task_done_good(struct spdk_iscsi_task *task) {
  struct spdk_iscsi_conn *conn = task->conn;
  int status = task->status;
  conn->pending_task_cnt--;
  spdk_iscsi_task_put(task);
  if (status != 0)
    conn_release(conn);
}

// Two owners, two references.
void spdk_iscsi_task_ref(struct spdk_iscsi_task *task);
void task_shared(struct spdk_iscsi_task *task) {
  spdk_iscsi_task_ref(task);
  task->conn->current = task;
  spdk_iscsi_task_put(task);
  task->transferred = 0;
}

unsigned channel_bad(void *device) {
  struct spdk_io_channel *ch = spdk_get_io_channel(device);
  unsigned *count = spdk_io_channel_get_ctx(ch);
  unsigned n = *count;
  spdk_put_io_channel(ch);
  return n + *(unsigned *)spdk_io_channel_get_ctx(ch);
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'ch' is used after its reference was dropped by 'spdk_put_io_channel'
}

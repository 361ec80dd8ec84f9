// RUN: %check_race %s race-use-after-release -- -std=c11
// An element's queue: what it pushes belongs to its neighbour, also if the lock
// is taken again afterwards. Debug output prints what pointers lead to.
#include <pthread.h>
#include <stdbool.h>

typedef struct _GstPad GstPad;
typedef struct { int refcount; } GstMiniObject;
typedef struct { GstMiniObject mini_object; int type; } GstEvent;
typedef struct { GstMiniObject mini_object; long pts; } GstBuffer;
bool gst_pad_push_event(GstPad *pad, GstEvent *event);
int gst_pad_push(GstPad *pad, GstBuffer *buffer);
GstMiniObject *gst_mini_object_ref(GstMiniObject *object);
void gst_debug_log(void *category, void *object, const char *format, ...);
void plain_log(const char *format, ...);

typedef struct {
  GstPad *srcpad;
  pthread_mutex_t lock;
  bool eos;
} Queue;
GstEvent *dequeue(Queue *q);
GstBuffer *dequeue_buffer(Queue *q);

void logged_bad(Queue *q) {
  GstEvent *event = dequeue(q);
  gst_pad_push_event(q->srcpad, event);
  gst_debug_log(0, q, "pushed %p", (void *)event);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'event' is used after its reference was dropped by 'gst_pad_push_event'
}
void locked_again_bad(Queue *q) {
  GstEvent *event = dequeue(q);
  pthread_mutex_unlock(&q->lock);
  gst_pad_push_event(q->srcpad, event);
  pthread_mutex_lock(&q->lock);
  q->eos = event->type == 110;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'event' is used after its reference was dropped by 'gst_pad_push_event'
}
#define LOCK_CHECK(q, label)                                                   \
  do {                                                                         \
    pthread_mutex_lock(&(q)->lock);                                            \
    if ((q)->eos)                                                              \
      goto label;                                                              \
  } while (0)
void in_macro_bad(Queue *q) {
  GstEvent *event = dequeue(q);
  pthread_mutex_unlock(&q->lock);
  gst_pad_push_event(q->srcpad, event);
  LOCK_CHECK(q, out);
  gst_debug_log(0, q, "pushed %p", (void *)event);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'event' is used after its reference was dropped by 'gst_pad_push_event'
out:
  return;
}
long pushed_bad(Queue *q) {
  GstBuffer *buffer = dequeue_buffer(q);
  if (gst_pad_push(q->srcpad, buffer) != 0)
    return 0;
  return buffer->pts;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'buffer' is used after its reference was dropped by 'gst_pad_push'
}

void address_good(Queue *q) {
  GstEvent *event = dequeue(q);
  gst_pad_push_event(q->srcpad, event);
  plain_log("pushed %p", (void *)event);
}
void before_good(Queue *q) {
  GstEvent *event = dequeue(q);
  int type = event->type;
  gst_debug_log(0, q, "pushing %p", (void *)event);
  pthread_mutex_unlock(&q->lock);
  gst_pad_push_event(q->srcpad, event);
  pthread_mutex_lock(&q->lock);
  q->eos = type == 110;
}
void held_good(Queue *q) {
  GstEvent *event = dequeue(q);
  gst_mini_object_ref(&event->mini_object);
  gst_pad_push_event(q->srcpad, event);
  gst_debug_log(0, q, "pushed %p", (void *)event);
}

/* libcuda: streams, which work when somebody waits for them, and events. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "standin.h"

/* As many launches wait on a real stream; the next one waits for room. */
enum { MOST_WAITING = 1024 };

struct work {
  struct work *next;
  int (*run)(void *);
  max_align_t arguments[];
};

struct stream {
  struct work *first, *last;
  int waiting;
  int blocking;
  struct stream *next; /* of all that live */
};

struct event {
  int timed;
  int recorded;
  int pending;
  double seconds;
  struct stream *stream;
};

static struct stream *streams;

int cuStreamCreate(void **made, unsigned flags) {
  ENTER_CONTEXT();
  REQUIRE(made && flags <= 1, CUDA_ERROR_INVALID_VALUE);
  struct stream *stream = calloc(1, sizeof *stream);
  stream->blocking = flags == 0;
  stream->next = streams;
  streams = stream;
  standin_made(STREAM, stream);
  *made = stream;
  return CUDA_SUCCESS;
}

/* Does the oldest work of a stream. */
static int step(struct stream *stream) {
  struct work *work = stream->first;
  stream->first = work->next;
  if (!stream->first) stream->last = NULL;
  stream->waiting--;
  int error = standin_lost();
  if (!error) {
    error = work->run(work->arguments);
    if (error) standin_lose(error);
  }
  free(work);
  return error;
}

int standin_stream_known(const void *stream) { return !stream || standin_is(STREAM, stream); }

int standin_drain(void *given) {
  struct stream *stream = given;
  while (stream && stream->first) step(stream);
  return standin_lost();
}

int standin_drain_all(void) {
  for (struct stream *stream = streams; stream; stream = stream->next) standin_drain(stream);
  return standin_lost();
}

int standin_queue(void *given, int (*run)(void *), const void *arguments, size_t bytes) {
  struct stream *stream = given;
  if (!stream) { /* the default stream waits for all but those made not to be waited for */
    for (struct stream *s = streams; s; s = s->next) {
      if (s->blocking) standin_drain(s);
    }
    struct { max_align_t copy[256]; } now; /* more than a launch with all its arguments */
    REQUIRE(bytes <= sizeof now, CUDA_ERROR_INVALID_VALUE);
    memcpy(&now, arguments, bytes);
    int error = standin_lost();
    REQUIRE(!error, error);
    error = run(&now);
    if (error) standin_lose(error);
    return error;
  }
  struct work *work = malloc(sizeof *work + bytes);
  work->next = NULL;
  work->run = run;
  memcpy(work->arguments, arguments, bytes);
  if (stream->last) {
    stream->last->next = work;
  } else {
    stream->first = work;
  }
  stream->last = work;
  stream->waiting++;
  return CUDA_SUCCESS;
}

int standin_make_room(void *given) {
  struct stream *stream = given;
  return stream && stream->waiting >= MOST_WAITING ? step(stream) : standin_lost();
}

int cuStreamDestroy_v2(void *stream) {
  ENTER();
  REQUIRE(standin_is(STREAM, stream), CUDA_ERROR_INVALID_HANDLE);
  standin_drain(stream);
  standin_gone(STREAM, stream);
  struct stream **link = &streams;
  while (*link != stream) link = &(*link)->next;
  *link = (*link)->next;
  free(stream);
  return standin_lost();
}

void standin_end_streams(void) {
  while (streams) {
    struct stream *stream = streams;
    standin_drain(stream);
    streams = stream->next;
    free(stream);
  }
}

int cuStreamSynchronize(void *stream) {
  ENTER_CONTEXT();
  REQUIRE(standin_stream_known(stream), CUDA_ERROR_INVALID_HANDLE);
  return stream ? standin_drain(stream) : standin_drain_all();
}

/* Each question brings the stream one step on, so that asking again ends. */
int cuStreamQuery(void *stream) {
  ENTER_CONTEXT();
  REQUIRE(standin_is(STREAM, stream), CUDA_ERROR_INVALID_HANDLE);
  struct stream *s = stream;
  if (!s->first) return CUDA_SUCCESS;
  int error = step(s);
  return error ? error : s->first ? CUDA_ERROR_NOT_READY : CUDA_SUCCESS;
}

/* ---- events ---- */

enum { EVENT_DISABLE_TIMING = 2 };

int cuEventCreate(void **made, unsigned flags) {
  ENTER_CONTEXT();
  REQUIRE(made && flags <= 3, CUDA_ERROR_INVALID_VALUE);
  struct event *event = calloc(1, sizeof *event);
  event->timed = !(flags & EVENT_DISABLE_TIMING);
  standin_made(EVENT, event);
  *made = event;
  return CUDA_SUCCESS;
}

static int reach(void *given) {
  struct event *event = *(struct event **)given;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  event->seconds = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
  event->pending--;
  return CUDA_SUCCESS;
}

int cuEventRecord(void *given, void *stream) {
  ENTER_CONTEXT();
  REQUIRE(standin_is(EVENT, given) && standin_stream_known(stream), CUDA_ERROR_INVALID_HANDLE);
  struct event *event = given;
  event->recorded = 1;
  event->pending++;
  event->stream = stream;
  return standin_queue(stream, reach, &event, sizeof event);
}

static int wait_for(struct event *event) {
  while (event->pending > 0 && event->stream && event->stream->first) {
    int error = step(event->stream);
    REQUIRE(!error, error);
  }
  return standin_lost();
}

int cuEventSynchronize(void *event) {
  ENTER_CONTEXT();
  REQUIRE(standin_is(EVENT, event), CUDA_ERROR_INVALID_HANDLE);
  return wait_for(event);
}

int cuEventQuery(void *given) {
  ENTER_CONTEXT();
  REQUIRE(standin_is(EVENT, given), CUDA_ERROR_INVALID_HANDLE);
  struct event *event = given;
  if (event->pending == 0) return CUDA_SUCCESS;
  int error = step(event->stream);
  return error ? error : event->pending ? CUDA_ERROR_NOT_READY : CUDA_SUCCESS;
}

int cuEventElapsedTime(float *milliseconds, void *given_start, void *given_end) {
  ENTER_CONTEXT();
  REQUIRE(milliseconds, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(standin_is(EVENT, given_start) && standin_is(EVENT, given_end), CUDA_ERROR_INVALID_HANDLE);
  const struct event *start = given_start, *end = given_end;
  REQUIRE(start->timed && end->timed, CUDA_ERROR_INVALID_HANDLE);
  REQUIRE(start->recorded && end->recorded, CUDA_ERROR_INVALID_HANDLE);
  REQUIRE(start->pending == 0 && end->pending == 0, CUDA_ERROR_NOT_READY);
  *milliseconds = (float)(1e3 * (end->seconds - start->seconds));
  return CUDA_SUCCESS;
}

int cuEventDestroy_v2(void *event) {
  ENTER();
  REQUIRE(standin_is(EVENT, event), CUDA_ERROR_INVALID_HANDLE);
  wait_for(event);
  standin_gone(EVENT, event);
  free(event);
  return standin_lost();
}

int cuStreamWaitEvent(void *stream, void *event, unsigned flags) {
  ENTER_CONTEXT();
  REQUIRE(standin_stream_known(stream) && standin_is(EVENT, event), CUDA_ERROR_INVALID_HANDLE);
  REQUIRE(flags == 0, CUDA_ERROR_INVALID_VALUE);
  return wait_for(event);
}

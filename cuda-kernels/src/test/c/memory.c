/* libcuda: memory of the card, which is the host's with guards around each piece. */
#include <stdlib.h>
#include <string.h>

#include "standin.h"

enum { ALIGNMENT = 256, GUARD = 256, GUARD_BYTE = 0xa5, FRESH_BYTE = 0xff };

struct piece {
  unsigned char *start;
  size_t bytes;
};

static struct piece *pieces;
static int count, room;
static size_t used;

static size_t rounded(size_t bytes) { return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

static size_t total(void) { return (size_t)standin_setting("AKIN_STANDIN_MEMORY", 1LL << 30); }

/* A direct buffer of Java, through which the machine sees a piece, holds no more than this. */
static const size_t MOST = 0x7fffffff;

int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
  ENTER_CONTEXT();
  REQUIRE(address && bytes > 0, CUDA_ERROR_INVALID_VALUE);
  size_t size = rounded(bytes);
  REQUIRE(bytes <= MOST && used + size <= total(), CUDA_ERROR_OUT_OF_MEMORY);
  unsigned char *base = aligned_alloc(ALIGNMENT, size + 2 * GUARD);
  REQUIRE(base, CUDA_ERROR_OUT_OF_MEMORY);
  memset(base, GUARD_BYTE, size + 2 * GUARD);
  memset(base + GUARD, FRESH_BYTE, bytes);
  if (count == room) {
    room = 2 * room + 64;
    pieces = realloc(pieces, (size_t)room * sizeof *pieces);
  }
  pieces[count++] = (struct piece){base + GUARD, bytes};
  used += size;
  standin_made(ALLOCATION, base + GUARD);
  machine_attach(base + GUARD, bytes);
  *address = (uint64_t)(uintptr_t)(base + GUARD);
  return CUDA_SUCCESS;
}

/* Whether nobody wrote beside the piece. */
static int whole(const struct piece *piece) {
  const unsigned char *before = piece->start - GUARD;
  const unsigned char *after = piece->start + piece->bytes;
  const unsigned char *end = piece->start + rounded(piece->bytes) + GUARD;
  for (int i = 0; i < GUARD; i++) {
    if (before[i] != GUARD_BYTE) return 0;
  }
  for (; after < end; after++) {
    if (*after != GUARD_BYTE) return 0;
  }
  return 1;
}

int cuMemFree_v2(uint64_t address) {
  ENTER_CONTEXT();
  if (address == 0) return CUDA_SUCCESS;
  int error = standin_drain_all();
  REQUIRE(!error, error);
  for (int i = 0; i < count; i++) {
    struct piece piece = pieces[i];
    if ((uint64_t)(uintptr_t)piece.start == address) {
      machine_detach(piece.start);
      standin_gone(ALLOCATION, piece.start);
      pieces[i] = pieces[--count];
      used -= rounded(piece.bytes);
      int unhurt = whole(&piece);
      free(piece.start - GUARD);
      if (!unhurt) standin_lose(CUDA_ERROR_ILLEGAL_ADDRESS);
      return unhurt ? CUDA_SUCCESS : CUDA_ERROR_ILLEGAL_ADDRESS;
    }
  }
  return CUDA_ERROR_INVALID_VALUE;
}

int cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes) {
  ENTER_CONTEXT();
  REQUIRE(free_bytes && total_bytes, CUDA_ERROR_INVALID_VALUE);
  *total_bytes = total();
  *free_bytes = total() > used ? total() - used : 0;
  return CUDA_SUCCESS;
}

int standin_on_card(const void *address, size_t bytes) {
  const unsigned char *first = address;
  for (int i = 0; i < count; i++) {
    size_t offset = (size_t)(first - pieces[i].start);
    if (first >= pieces[i].start && offset <= pieces[i].bytes && bytes <= pieces[i].bytes - offset) {
      return 1;
    }
  }
  return 0;
}

/* ---- pinned memory of the host ---- */

static struct piece *pinned;
static int pinned_count, pinned_room;

int cuMemHostAlloc(void **made, size_t bytes, unsigned flags) {
  ENTER_CONTEXT();
  REQUIRE(made && bytes > 0 && flags <= 7, CUDA_ERROR_INVALID_VALUE);
  unsigned char *start = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  REQUIRE(start, CUDA_ERROR_OUT_OF_MEMORY);
  if (pinned_count == pinned_room) {
    pinned_room = 2 * pinned_room + 8;
    pinned = realloc(pinned, (size_t)pinned_room * sizeof *pinned);
  }
  pinned[pinned_count++] = (struct piece){start, bytes};
  standin_made(PINNED, start);
  *made = start;
  return CUDA_SUCCESS;
}

int cuMemAllocHost_v2(void **made, size_t bytes) { return cuMemHostAlloc(made, bytes, 0); }

int cuMemFreeHost(void *start) {
  ENTER_CONTEXT();
  REQUIRE(standin_gone(PINNED, start), CUDA_ERROR_INVALID_VALUE);
  int error = standin_drain_all();
  for (int i = 0; i < pinned_count; i++) {
    if (pinned[i].start == start) {
      pinned[i] = pinned[--pinned_count];
      break;
    }
  }
  free(start);
  return error;
}

static int is_pinned(const void *address, size_t bytes) {
  const unsigned char *first = address;
  for (int i = 0; i < pinned_count; i++) {
    if (first >= pinned[i].start && first + bytes <= pinned[i].start + pinned[i].bytes) return 1;
  }
  return 0;
}

void standin_end_memory(void) {
  for (int i = 0; i < count; i++) {
    machine_detach(pieces[i].start);
    free(pieces[i].start - GUARD);
  }
  for (int i = 0; i < pinned_count; i++) free(pinned[i].start);
  count = pinned_count = 0;
  used = 0;
}

/* ---- copies ---- */

struct copy {
  unsigned char *to;
  const unsigned char *from;
  size_t to_pitch, from_pitch, width, rows;
  int to_card, from_card;
};

static size_t extent(size_t pitch, size_t width, size_t rows) { return pitch * (rows - 1) + width; }

static int run_copy(void *given) {
  const struct copy *c = given;
  if (c->to_card && !standin_on_card(c->to, extent(c->to_pitch, c->width, c->rows))) {
    return CUDA_ERROR_INVALID_VALUE;
  }
  if (c->from_card && !standin_on_card(c->from, extent(c->from_pitch, c->width, c->rows))) {
    return CUDA_ERROR_INVALID_VALUE;
  }
  for (size_t row = 0; row < c->rows; row++) {
    memcpy(c->to + row * c->to_pitch, c->from + row * c->from_pitch, c->width);
  }
  return CUDA_SUCCESS;
}

/* Pageable memory is copied before the call returns; pinned memory when its turn comes. */
static int copy_later(struct copy c, void *stream) {
  REQUIRE(standin_stream_known(stream), CUDA_ERROR_INVALID_HANDLE);
  if (c.width == 0 || c.rows == 0) return CUDA_SUCCESS;
  int checked_now = (!c.to_card || standin_on_card(c.to, extent(c.to_pitch, c.width, c.rows))) &&
                    (!c.from_card || standin_on_card(c.from, extent(c.from_pitch, c.width, c.rows)));
  REQUIRE(checked_now, CUDA_ERROR_INVALID_VALUE);
  int error = standin_queue(stream, run_copy, &c, sizeof c);
  int pageable = (!c.to_card && !is_pinned(c.to, c.width)) ||
                 (!c.from_card && !is_pinned(c.from, c.width));
  return error || !pageable ? error : standin_drain(stream);
}

static struct copy line(uintptr_t to, int to_card, uintptr_t from, int from_card, size_t bytes) {
  return (struct copy){(unsigned char *)to, (const unsigned char *)from, bytes, bytes, bytes, 1,
                       to_card, from_card};
}

int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream) {
  ENTER_CONTEXT();
  REQUIRE(from || bytes == 0, CUDA_ERROR_INVALID_VALUE);
  return copy_later(line(to, 1, (uintptr_t)from, 0, bytes), stream);
}

int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream) {
  ENTER_CONTEXT();
  REQUIRE(to || bytes == 0, CUDA_ERROR_INVALID_VALUE);
  return copy_later(line((uintptr_t)to, 0, from, 1, bytes), stream);
}

int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void *stream) {
  ENTER_CONTEXT();
  return copy_later(line(to, 1, from, 1, bytes), stream);
}

int cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes) {
  ENTER_CONTEXT();
  return copy_later(line(to, 1, (uintptr_t)from, 0, bytes), NULL);
}

int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes) {
  ENTER_CONTEXT();
  return copy_later(line((uintptr_t)to, 0, from, 1, bytes), NULL);
}

int cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t bytes) {
  ENTER_CONTEXT();
  return copy_later(line(to, 1, from, 1, bytes), NULL);
}

/* CUDA_MEMCPY2D. */
struct copy2d {
  size_t src_x, src_y;
  int src_type;
  const void *src_host;
  uint64_t src_device;
  void *src_array;
  size_t src_pitch;
  size_t dst_x, dst_y;
  int dst_type;
  void *dst_host;
  uint64_t dst_device;
  void *dst_array;
  size_t dst_pitch;
  size_t width, height;
};

enum { TYPE_HOST = 1, TYPE_DEVICE = 2 };

static int copy_2d(const struct copy2d *c, void *stream) {
  REQUIRE(c, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(c->src_type == TYPE_HOST || c->src_type == TYPE_DEVICE, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(c->dst_type == TYPE_HOST || c->dst_type == TYPE_DEVICE, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(c->src_pitch <= MOST && c->dst_pitch <= MOST, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(c->src_pitch >= c->src_x + c->width, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(c->dst_pitch >= c->dst_x + c->width, CUDA_ERROR_INVALID_VALUE);
  uintptr_t from = c->src_type == TYPE_HOST ? (uintptr_t)c->src_host : (uintptr_t)c->src_device;
  uintptr_t to = c->dst_type == TYPE_HOST ? (uintptr_t)c->dst_host : (uintptr_t)c->dst_device;
  struct copy copy = line(to + c->dst_y * c->dst_pitch + c->dst_x, c->dst_type == TYPE_DEVICE,
                          from + c->src_y * c->src_pitch + c->src_x, c->src_type == TYPE_DEVICE,
                          c->width);
  copy.to_pitch = c->dst_pitch;
  copy.from_pitch = c->src_pitch;
  copy.rows = c->height;
  return copy_later(copy, stream);
}

int cuMemcpy2DAsync_v2(const struct copy2d *c, void *stream) {
  ENTER_CONTEXT();
  return copy_2d(c, stream);
}

int cuMemcpy2D_v2(const struct copy2d *c) {
  ENTER_CONTEXT();
  return copy_2d(c, NULL);
}

/* ---- fills ---- */

struct fill {
  unsigned char *to;
  uint32_t bits;
  size_t count;
  int width;
};

static int run_fill(void *given) {
  const struct fill *f = given;
  if (!standin_on_card(f->to, f->count * (size_t)f->width)) return CUDA_ERROR_INVALID_VALUE;
  for (size_t i = 0; i < f->count; i++) memcpy(f->to + i * (size_t)f->width, &f->bits, (size_t)f->width);
  return CUDA_SUCCESS;
}

static int fill_later(uint64_t to, uint32_t bits, size_t count, int width, void *stream) {
  REQUIRE(standin_stream_known(stream), CUDA_ERROR_INVALID_HANDLE);
  REQUIRE(to % (uint64_t)width == 0, CUDA_ERROR_INVALID_VALUE);
  if (count == 0) return CUDA_SUCCESS;
  struct fill f = {(unsigned char *)(uintptr_t)to, bits, count, width};
  REQUIRE(standin_on_card(f.to, count * (size_t)width), CUDA_ERROR_INVALID_VALUE);
  return standin_queue(stream, run_fill, &f, sizeof f);
}

int cuMemsetD32Async(uint64_t to, unsigned bits, size_t words, void *stream) {
  ENTER_CONTEXT();
  return fill_later(to, bits, words, 4, stream);
}

int cuMemsetD32_v2(uint64_t to, unsigned bits, size_t words) {
  ENTER_CONTEXT();
  return fill_later(to, bits, words, 4, NULL);
}

int cuMemsetD8Async(uint64_t to, unsigned char bits, size_t bytes, void *stream) {
  ENTER_CONTEXT();
  return fill_later(to, bits, bytes, 1, stream);
}

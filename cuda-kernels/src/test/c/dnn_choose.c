/*
 * cuDNN: algorithms of convolutions, what they need, and in which order the heuristic advises them.
 * As on a card, algorithms whose results differ from call to call stand before those which repeat
 * their bits, and tensor cores before all where the descriptor allows them.
 */
#include <string.h>

#include "dnn.h"

enum { MOST_ALGORITHMS = 8 };

/* Algorithms of the three passes by number: what each is. */
enum method { NONE, DIRECT, TABLE, COLUMNS, PARTIAL, WINOGRAD, WINOGRAD_NONFUSED };

static const struct {
  int count;
  enum method methods[MOST_ALGORITHMS];
  unsigned wavering; /* bits of those without a fixed order */
  int advised[MOST_ALGORITHMS];
} passes[] = {
    [FORWARD] = {8,
                 {DIRECT, TABLE, COLUMNS, NONE, NONE, NONE, WINOGRAD, WINOGRAD_NONFUSED},
                 0,
                 {6, 1, 0, 7, 2, 5, 4, 3}},
    [BACKWARD_DATA] = {6,
                       {DIRECT, COLUMNS, NONE, NONE, WINOGRAD, WINOGRAD_NONFUSED},
                       1u << 0,
                       {0, 4, 1, 5, 3, 2}},
    [BACKWARD_FILTER] = {7,
                         {DIRECT, PARTIAL, NONE, PARTIAL, NONE, WINOGRAD_NONFUSED, NONE},
                         1u << 0 | 1u << 3,
                         {0, 3, 5, 1, 2, 4, 6}},
};

int dnn_wavers(enum pass pass, int algorithm) { return passes[pass].wavering >> algorithm & 1; }

static size_t product(int a, int b, int c, int d) {
  return sizeof(float) * (size_t)a * (size_t)b * (size_t)c * (size_t)d;
}

int dnn_workspace(enum pass pass, const struct conv *s, int algorithm, size_t *bytes) {
  REQUIRE(algorithm >= 0 && algorithm < passes[pass].count, BAD_PARAM);
  int small = s->kh == 3 && s->kw == 3 && s->d.stride_h == 1 && s->d.stride_w == 1 &&
              s->d.dilation_h == 1 && s->d.dilation_w == 1;
  switch (passes[pass].methods[algorithm]) {
    case DIRECT: *bytes = 0; return SUCCESS;
    case TABLE: *bytes = product(s->c / s->d.groups, s->kh, s->kw, 2); return SUCCESS;
    case COLUMNS: *bytes = product(s->c * s->kh, s->kw, s->oh, s->ow); return SUCCESS;
    case PARTIAL: *bytes = product(s->o, s->c / s->d.groups, s->kh, s->kw); return SUCCESS;
    case WINOGRAD: *bytes = 0; return small ? SUCCESS : NOT_SUPPORTED;
    case WINOGRAD_NONFUSED: *bytes = product(s->o + s->n, s->c, 6, 6); return small ? SUCCESS : NOT_SUPPORTED;
    default: return NOT_SUPPORTED;
  }
}

/* cudnnConvolution*AlgoPerf_t, the same for all passes. */
struct advice {
  int algorithm;
  int status;
  float time;
  size_t memory;
  int determinism;
  int math;
  int reserved[3];
};

static int advise(enum pass pass, const struct conv *s, int wanted, int *returned,
                  struct advice *to) {
  REQUIRE(returned && to && wanted > 0, BAD_PARAM);
  *returned = 0;
  /* Those that can do it come first, the others behind them. */
  for (int supported = 1; supported >= 0; supported--) {
    for (int i = 0; i < passes[pass].count && *returned < wanted; i++) {
      struct advice a = {.algorithm = passes[pass].advised[i], .math = FMA_MATH};
      a.status = dnn_workspace(pass, s, a.algorithm, &a.memory);
      if ((a.status == SUCCESS) != supported) continue;
      a.time = supported ? 0.1f * (float)(*returned + 1) : -1;
      if (!supported) a.memory = 0;
      a.determinism = !dnn_wavers(pass, a.algorithm);
      if (s->d.math != FMA_MATH) a.math = *returned == 0 ? TENSOR_OP_MATH : DEFAULT_MATH;
      to[(*returned)++] = a;
    }
  }
  return SUCCESS;
}

int cudnnGetConvolutionForwardAlgorithmMaxCount(struct handle *handle, int *count) {
  ENTER_HANDLE(handle);
  REQUIRE(count, BAD_PARAM);
  *count = passes[FORWARD].count;
  return SUCCESS;
}

int cudnnGetConvolutionBackwardDataAlgorithmMaxCount(struct handle *handle, int *count) {
  ENTER_HANDLE(handle);
  REQUIRE(count, BAD_PARAM);
  *count = passes[BACKWARD_DATA].count;
  return SUCCESS;
}

int cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(struct handle *handle, int *count) {
  ENTER_HANDLE(handle);
  REQUIRE(count, BAD_PARAM);
  *count = passes[BACKWARD_FILTER].count;
  return SUCCESS;
}

int cudnnGetConvolutionForwardAlgorithm_v7(struct handle *handle, const struct sizes *x,
                                           const struct sizes *w, const struct convolution *d,
                                           const struct sizes *y, int wanted, int *returned,
                                           struct advice *to) {
  ENTER_HANDLE(handle);
  struct conv s;
  int error = dnn_conv(&s, x, w, d, y);
  return error ? error : advise(FORWARD, &s, wanted, returned, to);
}

int cudnnGetConvolutionBackwardDataAlgorithm_v7(struct handle *handle, const struct sizes *w,
                                                const struct sizes *dy, const struct convolution *d,
                                                const struct sizes *dx, int wanted, int *returned,
                                                struct advice *to) {
  ENTER_HANDLE(handle);
  struct conv s;
  int error = dnn_conv(&s, dx, w, d, dy);
  return error ? error : advise(BACKWARD_DATA, &s, wanted, returned, to);
}

int cudnnGetConvolutionBackwardFilterAlgorithm_v7(struct handle *handle, const struct sizes *x,
                                                  const struct sizes *dy,
                                                  const struct convolution *d,
                                                  const struct sizes *dw, int wanted, int *returned,
                                                  struct advice *to) {
  ENTER_HANDLE(handle);
  struct conv s;
  int error = dnn_conv(&s, x, dw, d, dy);
  return error ? error : advise(BACKWARD_FILTER, &s, wanted, returned, to);
}

int cudnnGetConvolutionForwardWorkspaceSize(struct handle *handle, const struct sizes *x,
                                            const struct sizes *w, const struct convolution *d,
                                            const struct sizes *y, int algorithm, size_t *bytes) {
  ENTER_HANDLE(handle);
  struct conv s;
  int error = dnn_conv(&s, x, w, d, y);
  return error ? error : dnn_workspace(FORWARD, &s, algorithm, bytes);
}

int cudnnGetConvolutionBackwardDataWorkspaceSize(struct handle *handle, const struct sizes *w,
                                                 const struct sizes *dy,
                                                 const struct convolution *d,
                                                 const struct sizes *dx, int algorithm,
                                                 size_t *bytes) {
  ENTER_HANDLE(handle);
  struct conv s;
  int error = dnn_conv(&s, dx, w, d, dy);
  return error ? error : dnn_workspace(BACKWARD_DATA, &s, algorithm, bytes);
}

int cudnnGetConvolutionBackwardFilterWorkspaceSize(struct handle *handle, const struct sizes *x,
                                                   const struct sizes *dy,
                                                   const struct convolution *d,
                                                   const struct sizes *dw, int algorithm,
                                                   size_t *bytes) {
  ENTER_HANDLE(handle);
  struct conv s;
  int error = dnn_conv(&s, x, dw, d, dy);
  return error ? error : dnn_workspace(BACKWARD_FILTER, &s, algorithm, bytes);
}

/* cuDNN: convolutions by plain loops, whatever the algorithm is called. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dnn.h"

struct job {
  enum pass pass;
  struct conv s;
  const float *in;   /* x, or dy where dx is wanted */
  const float *by;   /* w, or dy where dw is wanted */
  float *out;
  float alpha, beta;
  unsigned char *workspace;
  size_t workspace_bytes;
  int turn; /* where sums begin that have no fixed order */
  const float *z, *bias;
  float alpha2;
  int activation;
};

static float tf32(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if ((bits & 0x7f800000) != 0x7f800000) bits = (bits + 0x1000) & ~0x1fffu;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* A factor; where tensor cores are allowed it has ten bits behind the point. */
static const float *factor(const float *x, size_t count, int round) {
  if (!round) return x;
  float *to = malloc(count * sizeof *to);
  for (size_t i = 0; i < count; i++) to[i] = tf32(x[i]);
  return to;
}

/* The outputs [first, end) of an axis for which stride·output + offset lies in [0, inputs). */
static void range(int offset, int stride, int inputs, int outputs, int *first, int *end) {
  *first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  int last = inputs - 1 - offset;
  *end = last < 0 ? 0 : last / stride + 1;
  if (*end > outputs) *end = outputs;
  if (*first > *end) *first = *end;
}

/* One tap of a kernel over one plane: y += w·x, x += w·y or the sum of x·y, by the pass. */
static float tap(enum pass pass, const struct conv *s, float *x, float *y, float w, int kh, int kw) {
  int top = kh * s->d.dilation_h - s->d.pad_h, left = kw * s->d.dilation_w - s->d.pad_w;
  int row, last_row, first, end;
  range(top, s->d.stride_h, s->h, s->oh, &row, &last_row);
  range(left, s->d.stride_w, s->w, s->ow, &first, &end);
  float sum = 0;
  int stride = s->d.stride_w;
  for (; row < last_row; row++) {
    float *from = x + (ptrdiff_t)(row * s->d.stride_h + top) * s->w + left;
    float *to = y + (ptrdiff_t)row * s->ow;
    if (pass == FORWARD) {
      for (int i = first; i < end; i++) to[i] += w * from[i * stride];
    } else if (pass == BACKWARD_DATA) {
      for (int i = first; i < end; i++) from[i * stride] += w * to[i];
    } else {
      for (int i = first; i < end; i++) sum += from[i * stride] * to[i];
    }
  }
  return sum;
}

/* All taps of all planes; sums over n or over o begin at the job's turn. */
static void loops(const struct job *j, float *x, float *w, float *y) {
  const struct conv *s = &j->s;
  int in = s->c / s->d.groups, out = s->o / s->d.groups;
  for (int t = 0; t < s->n; t++) {
    int n = (t + j->turn) % s->n;
    for (int u = 0; u < s->o; u++) {
      int o = (u + j->turn) % s->o;
      float *plane = y + ((ptrdiff_t)n * s->o + o) * s->oh * s->ow;
      for (int c = 0; c < in; c++) {
        float *from = x + ((ptrdiff_t)n * s->c + (o / out) * in + c) * s->h * s->w;
        float *taps = w + ((ptrdiff_t)o * in + c) * s->kh * s->kw;
        for (int k = 0; k < s->kh * s->kw; k++) {
          int at = s->d.mode == 1 ? k : s->kh * s->kw - 1 - k; /* a true convolution is turned */
          float sum = tap(j->pass, s, from, plane, taps[at], k / s->kw, k % s->kw);
          if (j->pass == BACKWARD_FILTER) taps[at] += sum;
        }
      }
    }
  }
}

static void finish(const struct job *j, const float *sums, size_t count) {
  size_t plane = (size_t)j->s.oh * (size_t)j->s.ow;
  for (size_t i = 0; i < count; i++) {
    float value = j->alpha * sums[i];
    if (j->beta != 0) value += j->beta * j->out[i];
    if (j->bias) {
      if (j->alpha2 != 0) value += j->alpha2 * j->z[i];
      value += j->bias[i / plane % (size_t)j->s.o];
      if (j->activation == ACTIVATION_RELU) value = value > 0 ? value : 0; /* NaN is not passed on */
    }
    j->out[i] = value;
  }
}

static int run(void *given) {
  const struct job *j = given;
  const struct conv *s = &j->s;
  size_t x = (size_t)s->n * (size_t)s->c * (size_t)s->h * (size_t)s->w;
  size_t w = (size_t)s->o * (size_t)(s->c / s->d.groups) * (size_t)s->kh * (size_t)s->kw;
  size_t y = (size_t)s->n * (size_t)s->o * (size_t)s->oh * (size_t)s->ow;
  size_t in = j->pass == BACKWARD_DATA ? y : x;
  size_t by = j->pass == BACKWARD_FILTER ? y : w;
  size_t out = j->pass == FORWARD ? y : j->pass == BACKWARD_DATA ? x : w;
  int reachable = standin_on_card(j->in, in * sizeof(float)) &&
                  standin_on_card(j->by, by * sizeof(float)) &&
                  standin_on_card(j->out, out * sizeof(float)) &&
                  (!j->bias || standin_on_card(j->bias, (size_t)s->o * sizeof(float))) &&
                  (!j->z || j->alpha2 == 0 || standin_on_card(j->z, y * sizeof(float))) &&
                  (!j->workspace_bytes || standin_on_card(j->workspace, j->workspace_bytes));
  if (!reachable) return CUDA_ERROR_ILLEGAL_ADDRESS;
  if (j->workspace_bytes) memset(j->workspace, 0xff, j->workspace_bytes);
  int round = s->d.math != FMA_MATH && standin_setting("AKIN_STANDIN_CAPABILITY", 86) >= 80;
  float *sums = calloc(out, sizeof *sums);
  const float *a = factor(j->in, in, round), *b = factor(j->by, by, round);
  /* The loops change only the one of the three that the pass is for. */
  if (j->pass == FORWARD) loops(j, (float *)a, (float *)b, sums);
  if (j->pass == BACKWARD_DATA) loops(j, sums, (float *)b, (float *)a);
  if (j->pass == BACKWARD_FILTER) loops(j, (float *)a, sums, (float *)b);
  finish(j, sums, out);
  if (round) {
    free((float *)a);
    free((float *)b);
  }
  free(sums);
  return CUDA_SUCCESS;
}

static int start(struct handle *handle, struct job *job, int algorithm) {
  static int turns;
  size_t needed = 0;
  int error = dnn_workspace(job->pass, &job->s, algorithm, &needed);
  REQUIRE(!error, error);
  REQUIRE(job->in && job->by && job->out, BAD_PARAM);
  REQUIRE(needed == 0 || (job->workspace && job->workspace_bytes >= needed), BAD_PARAM);
  if (!job->workspace) job->workspace_bytes = 0;
  job->turn = dnn_wavers(job->pass, algorithm) ? ++turns & 0xffff : 0;
  return standin_queue(handle->stream, run, job, sizeof *job) ? EXECUTION_FAILED : SUCCESS;
}

int cudnnConvolutionForward(struct handle *handle, const float *alpha, const struct sizes *x_desc,
                            const float *x, const struct sizes *w_desc, const float *w,
                            const struct convolution *d, int algorithm, void *workspace,
                            size_t bytes, const float *beta, const struct sizes *y_desc, float *y) {
  ENTER_HANDLE(handle);
  REQUIRE(alpha && beta, BAD_PARAM);
  struct job job = {.pass = FORWARD, .in = x, .by = w, .out = y, .alpha = *alpha, .beta = *beta,
                    .workspace = workspace, .workspace_bytes = bytes};
  int error = dnn_conv(&job.s, x_desc, w_desc, d, y_desc);
  return error ? error : start(handle, &job, algorithm);
}

/* y = act(alpha1·x∗w + alpha2·z + bias); z may be y, and x not. */
int cudnnConvolutionBiasActivationForward(
    struct handle *handle, const float *alpha1, const struct sizes *x_desc, const float *x,
    const struct sizes *w_desc, const float *w, const struct convolution *d, int algorithm,
    void *workspace, size_t bytes, const float *alpha2, const struct sizes *z_desc, const float *z,
    const struct sizes *bias_desc, const float *bias, const struct activation *act,
    const struct sizes *y_desc, float *y) {
  ENTER_HANDLE(handle);
  REQUIRE(alpha1 && alpha2 && z && bias, BAD_PARAM);
  REQUIRE(dnn_is(z_desc, TENSOR) && dnn_is(bias_desc, TENSOR), BAD_PARAM);
  REQUIRE(dnn_is(act, ACTIVATION) && x != y, BAD_PARAM);
  struct job job = {.pass = FORWARD, .in = x, .by = w, .out = y, .alpha = *alpha1,
                    .workspace = workspace, .workspace_bytes = bytes,
                    .z = z, .bias = bias, .alpha2 = *alpha2, .activation = act->mode};
  int error = dnn_conv(&job.s, x_desc, w_desc, d, y_desc);
  REQUIRE(!error, error);
  REQUIRE(act->mode == ACTIVATION_RELU || act->mode == ACTIVATION_IDENTITY, NOT_SUPPORTED);
  REQUIRE(act->nan == 0, NOT_SUPPORTED);
  REQUIRE(act->mode == ACTIVATION_RELU || algorithm == 1, NOT_SUPPORTED);
  REQUIRE(bias_desc->n == 1 && bias_desc->c == w_desc->n, NOT_SUPPORTED);
  REQUIRE(bias_desc->h == 1 && bias_desc->w == 1, NOT_SUPPORTED);
  REQUIRE(z_desc->n == y_desc->n && z_desc->c == y_desc->c, NOT_SUPPORTED);
  REQUIRE(z_desc->h == y_desc->h && z_desc->w == y_desc->w && z_desc->dense, NOT_SUPPORTED);
  return start(handle, &job, algorithm);
}

int cudnnConvolutionBackwardData(struct handle *handle, const float *alpha,
                                 const struct sizes *w_desc, const float *w,
                                 const struct sizes *dy_desc, const float *dy,
                                 const struct convolution *d, int algorithm, void *workspace,
                                 size_t bytes, const float *beta, const struct sizes *dx_desc,
                                 float *dx) {
  ENTER_HANDLE(handle);
  REQUIRE(alpha && beta, BAD_PARAM);
  struct job job = {.pass = BACKWARD_DATA, .in = dy, .by = w, .out = dx, .alpha = *alpha,
                    .beta = *beta, .workspace = workspace, .workspace_bytes = bytes};
  int error = dnn_conv(&job.s, dx_desc, w_desc, d, dy_desc);
  return error ? error : start(handle, &job, algorithm);
}

int cudnnConvolutionBackwardFilter(struct handle *handle, const float *alpha,
                                   const struct sizes *x_desc, const float *x,
                                   const struct sizes *dy_desc, const float *dy,
                                   const struct convolution *d, int algorithm, void *workspace,
                                   size_t bytes, const float *beta, const struct sizes *dw_desc,
                                   float *dw) {
  ENTER_HANDLE(handle);
  REQUIRE(alpha && beta, BAD_PARAM);
  struct job job = {.pass = BACKWARD_FILTER, .in = x, .by = dy, .out = dw, .alpha = *alpha,
                    .beta = *beta, .workspace = workspace, .workspace_bytes = bytes};
  int error = dnn_conv(&job.s, x_desc, dw_desc, d, dy_desc);
  return error ? error : start(handle, &job, algorithm);
}

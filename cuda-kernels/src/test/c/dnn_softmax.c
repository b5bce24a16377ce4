/* cuDNN: softmax by plain loops over [outer,axis,inner]. */
#include <math.h>

#include "dnn.h"

static int same(const struct sizes *a, const struct sizes *b) {
  return a->n == b->n && a->c == b->c && a->h == b->h && a->w == b->w;
}

enum { FAST = 0, ACCURATE = 1, LOG = 2, INSTANCE = 0, CHANNEL = 1 };

struct softmax {
  int algorithm, outer, axis, inner, backward;
  const float *y_or_x, *dy;
  float *out;
  float alpha, beta;
};

static void put(float *to, float alpha, float beta, float value) {
  *to = beta == 0 ? alpha * value : alpha * value + beta * *to;
}

static void softmax_line(const struct softmax *s, const float *x, float *y, int step) {
  float most = s->algorithm == FAST ? 0 : -INFINITY;
  for (int i = 0; i < s->axis && s->algorithm != FAST; i++) most = fmaxf(most, x[i * step]);
  float sum = 0;
  for (int i = 0; i < s->axis; i++) sum += expf(x[i * step] - most);
  for (int i = 0; i < s->axis; i++) {
    float d = x[i * step] - most;
    put(&y[i * step], s->alpha, s->beta, s->algorithm == LOG ? d - logf(sum) : expf(d) / sum);
  }
}

static void softmax_grad_line(const struct softmax *s, const float *y, const float *dy, float *dx,
                              int step) {
  float sum = 0;
  for (int i = 0; i < s->axis; i++) sum += s->algorithm == LOG ? dy[i * step] : y[i * step] * dy[i * step];
  for (int i = 0; i < s->axis; i++) {
    float g = dy[i * step], v = y[i * step];
    put(&dx[i * step], s->alpha, s->beta, s->algorithm == LOG ? g - expf(v) * sum : v * (g - sum));
  }
}

static int run_softmax(void *given) {
  const struct softmax *s = given;
  size_t bytes = sizeof(float) * (size_t)s->outer * (size_t)s->axis * (size_t)s->inner;
  if (!standin_on_card(s->y_or_x, bytes) || !standin_on_card(s->out, bytes) ||
      (s->backward && !standin_on_card(s->dy, bytes))) {
    return CUDA_ERROR_ILLEGAL_ADDRESS;
  }
  for (int o = 0; o < s->outer; o++) {
    for (int i = 0; i < s->inner; i++) {
      ptrdiff_t at = (ptrdiff_t)o * s->axis * s->inner + i;
      if (s->backward) {
        softmax_grad_line(s, s->y_or_x + at, s->dy + at, s->out + at, s->inner);
      } else {
        softmax_line(s, s->y_or_x + at, s->out + at, s->inner);
      }
    }
  }
  return CUDA_SUCCESS;
}

static int softmax(struct handle *handle, int algorithm, int mode, const float *alpha,
                   const struct sizes *d, const float *x, const struct sizes *dy_desc,
                   const float *dy, const float *beta, const struct sizes *out_desc, float *out) {
  REQUIRE(algorithm >= FAST && algorithm <= LOG, BAD_PARAM);
  REQUIRE((mode == INSTANCE || mode == CHANNEL) && alpha && beta && x && out, BAD_PARAM);
  REQUIRE(dnn_is(d, TENSOR) && dnn_is(dy_desc, TENSOR) && dnn_is(out_desc, TENSOR), BAD_PARAM);
  REQUIRE(same(d, dy_desc) && same(d, out_desc), BAD_PARAM);
  REQUIRE(d->dense && dy_desc->dense && out_desc->dense, NOT_SUPPORTED);
  int plane = d->h * d->w;
  struct softmax s = {algorithm, d->n, mode == CHANNEL ? d->c : d->c * plane,
                      mode == CHANNEL ? plane : 1, dy != NULL, x, dy, out, *alpha, *beta};
  return standin_queue(handle->stream, run_softmax, &s, sizeof s) ? EXECUTION_FAILED : SUCCESS;
}

int cudnnSoftmaxForward(struct handle *handle, int algorithm, int mode, const float *alpha,
                        const struct sizes *x_desc, const float *x, const float *beta,
                        const struct sizes *y_desc, float *y) {
  ENTER_HANDLE(handle);
  return softmax(handle, algorithm, mode, alpha, x_desc, x, y_desc, NULL, beta, y_desc, y);
}

int cudnnSoftmaxBackward(struct handle *handle, int algorithm, int mode, const float *alpha,
                         const struct sizes *y_desc, const float *y, const struct sizes *dy_desc,
                         const float *dy, const float *beta, const struct sizes *dx_desc,
                         float *dx) {
  ENTER_HANDLE(handle);
  REQUIRE(dy, BAD_PARAM);
  return softmax(handle, algorithm, mode, alpha, y_desc, y, dy_desc, dy, beta, dx_desc, dx);
}

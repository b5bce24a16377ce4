/* cuDNN: softmax and batch normalisation by plain loops over [outer,axis,inner]. */
#include <math.h>

#include "dnn.h"

static int same(const struct sizes *a, const struct sizes *b) {
  return a->n == b->n && a->c == b->c && a->h == b->h && a->w == b->w;
}

/* ---- softmax ---- */

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

/* ---- batch normalisation ---- */

enum { PER_ACTIVATION = 0, SPATIAL = 1, SPATIAL_PERSISTENT = 2 };

enum step { TRAINING, INFERENCE, GRADIENT };

struct norm {
  enum step step;
  int outer, channels, inner;
  const float *x, *dy, *scale, *shift, *mean, *variance;
  float *y, *running_mean, *running_variance, *saved_mean, *saved_inverse, *scale_grad, *shift_grad;
  float alpha, beta, alpha_parameters, beta_parameters;
  double eps, factor;
};

static size_t place(const struct norm *s, int n, int c) {
  return ((size_t)n * (size_t)s->channels + (size_t)c) * (size_t)s->inner;
}

static void moments(const struct norm *s, int c, double *mean, double *squares) {
  double count = (double)s->outer * s->inner, sum = 0;
  for (int n = 0; n < s->outer; n++) {
    for (int i = 0; i < s->inner; i++) sum += s->x[place(s, n, c) + (size_t)i];
  }
  *mean = sum / count;
  *squares = 0;
  for (int n = 0; n < s->outer; n++) {
    for (int i = 0; i < s->inner; i++) {
      double d = s->x[place(s, n, c) + (size_t)i] - *mean;
      *squares += d * d;
    }
  }
}

static void spread(const struct norm *s, int c, double mean, double inverse) {
  for (int n = 0; n < s->outer; n++) {
    for (int i = 0; i < s->inner; i++) {
      size_t at = place(s, n, c) + (size_t)i;
      double y = (s->x[at] - mean) * inverse * s->scale[c] + s->shift[c];
      put(&s->y[at], s->alpha, s->beta, (float)y);
    }
  }
}

static void train(const struct norm *s, int c) {
  double count = (double)s->outer * s->inner, mean, squares;
  moments(s, c, &mean, &squares);
  double inverse = 1 / sqrt(squares / count + s->eps);
  spread(s, c, mean, inverse);
  if (s->running_mean) {
    double unbiased = count > 1 ? squares / (count - 1) : squares;
    s->running_mean[c] = (float)((1 - s->factor) * s->running_mean[c] + s->factor * mean);
    s->running_variance[c] = (float)((1 - s->factor) * s->running_variance[c] + s->factor * unbiased);
  }
  if (s->saved_mean) {
    s->saved_mean[c] = (float)mean;
    s->saved_inverse[c] = (float)inverse;
  }
}

/* Without saved values they are computed again from x. */
static void grad(const struct norm *s, int c) {
  double count = (double)s->outer * s->inner, mean, squares, inverse, sum = 0, dot = 0;
  if (s->mean) {
    mean = s->mean[c];
    inverse = s->variance[c];
  } else {
    moments(s, c, &mean, &squares);
    inverse = 1 / sqrt(squares / count + s->eps);
  }
  for (int n = 0; n < s->outer; n++) {
    for (int i = 0; i < s->inner; i++) {
      size_t at = place(s, n, c) + (size_t)i;
      sum += s->dy[at];
      dot += s->dy[at] * (s->x[at] - mean) * inverse;
    }
  }
  for (int n = 0; n < s->outer; n++) {
    for (int i = 0; i < s->inner; i++) {
      size_t at = place(s, n, c) + (size_t)i;
      double normal = (s->x[at] - mean) * inverse;
      double dx = s->scale[c] * inverse * (s->dy[at] - (sum + normal * dot) / count);
      put(&s->y[at], s->alpha, s->beta, (float)dx);
    }
  }
  put(&s->scale_grad[c], s->alpha_parameters, s->beta_parameters, (float)dot);
  put(&s->shift_grad[c], s->alpha_parameters, s->beta_parameters, (float)sum);
}

static int run_norm(void *given) {
  const struct norm *s = given;
  size_t channel = sizeof(float) * (size_t)s->channels;
  size_t all = channel * (size_t)s->outer * (size_t)s->inner;
  const void *large[] = {s->x, s->dy, s->y};
  const void *small[] = {s->scale, s->shift, s->mean, s->variance, s->running_mean,
                         s->running_variance, s->saved_mean, s->saved_inverse, s->scale_grad,
                         s->shift_grad};
  for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
    if (large[i] && !standin_on_card(large[i], all)) return CUDA_ERROR_ILLEGAL_ADDRESS;
  }
  for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
    if (small[i] && !standin_on_card(small[i], channel)) return CUDA_ERROR_ILLEGAL_ADDRESS;
  }
  for (int c = 0; c < s->channels; c++) {
    if (s->step == TRAINING) train(s, c);
    if (s->step == INFERENCE) spread(s, c, s->mean[c], 1 / sqrt(s->variance[c] + s->eps));
    if (s->step == GRADIENT) grad(s, c);
  }
  return CUDA_SUCCESS;
}

/* Checks what all three have in common, and queues it. */
static int norm(struct handle *handle, int mode, struct norm *s, const struct sizes *x,
                const struct sizes *y, const struct sizes *parameters) {
  REQUIRE(dnn_is(x, TENSOR) && dnn_is(y, TENSOR) && dnn_is(parameters, TENSOR), BAD_PARAM);
  REQUIRE(mode >= PER_ACTIVATION && mode <= SPATIAL_PERSISTENT, BAD_PARAM);
  REQUIRE(s->x && s->y && s->scale && s->eps >= 0, BAD_PARAM);
  REQUIRE(same(x, y) && parameters->n == 1, BAD_PARAM);
  int spatial = mode != PER_ACTIVATION;
  REQUIRE(parameters->c == x->c, BAD_PARAM);
  REQUIRE(parameters->h == (spatial ? 1 : x->h), BAD_PARAM);
  REQUIRE(parameters->w == (spatial ? 1 : x->w), BAD_PARAM);
  REQUIRE(x->dense && y->dense, NOT_SUPPORTED);
  s->outer = x->n;
  s->channels = spatial ? x->c : x->c * x->h * x->w;
  s->inner = spatial ? x->h * x->w : 1;
  return standin_queue(handle->stream, run_norm, s, sizeof *s) ? EXECUTION_FAILED : SUCCESS;
}

int cudnnBatchNormalizationForwardTraining(
    struct handle *handle, int mode, const float *alpha, const float *beta,
    const struct sizes *x_desc, const float *x, const struct sizes *y_desc, float *y,
    const struct sizes *parameters, const float *scale, const float *shift, double factor,
    float *running_mean, float *running_variance, double eps, float *saved_mean,
    float *saved_inverse) {
  ENTER_HANDLE(handle);
  REQUIRE(alpha && beta && shift, BAD_PARAM);
  REQUIRE(!running_mean == !running_variance && !saved_mean == !saved_inverse, BAD_PARAM);
  struct norm s = {.step = TRAINING, .x = x, .y = y, .scale = scale, .shift = shift,
                   .running_mean = running_mean, .running_variance = running_variance,
                   .saved_mean = saved_mean, .saved_inverse = saved_inverse, .alpha = *alpha,
                   .beta = *beta, .eps = eps, .factor = factor};
  return norm(handle, mode, &s, x_desc, y_desc, parameters);
}

int cudnnBatchNormalizationForwardInference(
    struct handle *handle, int mode, const float *alpha, const float *beta,
    const struct sizes *x_desc, const float *x, const struct sizes *y_desc, float *y,
    const struct sizes *parameters, const float *scale, const float *shift, const float *mean,
    const float *variance, double eps) {
  ENTER_HANDLE(handle);
  REQUIRE(alpha && beta && shift && mean && variance, BAD_PARAM);
  struct norm s = {.step = INFERENCE, .x = x, .y = y, .scale = scale, .shift = shift, .mean = mean,
                   .variance = variance, .alpha = *alpha, .beta = *beta, .eps = eps};
  return norm(handle, mode, &s, x_desc, y_desc, parameters);
}

int cudnnBatchNormalizationBackward(
    struct handle *handle, int mode, const float *alpha, const float *beta,
    const float *alpha_parameters, const float *beta_parameters, const struct sizes *x_desc,
    const float *x, const struct sizes *dy_desc, const float *dy, const struct sizes *dx_desc,
    float *dx, const struct sizes *parameters, const float *scale, float *scale_grad,
    float *shift_grad, double eps, const float *saved_mean, const float *saved_inverse) {
  ENTER_HANDLE(handle);
  REQUIRE(alpha && beta && alpha_parameters && beta_parameters, BAD_PARAM);
  REQUIRE(dy && scale_grad && shift_grad && !saved_mean == !saved_inverse, BAD_PARAM);
  REQUIRE(dnn_is(dy_desc, TENSOR) && dnn_is(dx_desc, TENSOR) && same(dy_desc, dx_desc), BAD_PARAM);
  REQUIRE(dy_desc->dense && dx != dy && dx != x, NOT_SUPPORTED);
  struct norm s = {.step = GRADIENT, .x = x, .dy = dy, .y = dx, .scale = scale,
                   .scale_grad = scale_grad, .shift_grad = shift_grad, .mean = saved_mean,
                   .variance = saved_inverse, .alpha = *alpha, .beta = *beta,
                   .alpha_parameters = *alpha_parameters, .beta_parameters = *beta_parameters,
                   .eps = eps};
  return norm(handle, mode, &s, x_desc, dx_desc, parameters);
}

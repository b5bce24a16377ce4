/* cuDNN: handles and descriptors. */
#include <stdlib.h>

#include "dnn.h"

size_t cudnnGetVersion(void) { return 8600; }

size_t cudnnGetCudartVersion(void) { return 11080; }

const char *cudnnGetErrorString(int status) {
  switch (status) {
    case SUCCESS: return "CUDNN_STATUS_SUCCESS";
    case NOT_INITIALIZED: return "CUDNN_STATUS_NOT_INITIALIZED";
    case ALLOC_FAILED: return "CUDNN_STATUS_ALLOC_FAILED";
    case BAD_PARAM: return "CUDNN_STATUS_BAD_PARAM";
    case EXECUTION_FAILED: return "CUDNN_STATUS_EXECUTION_FAILED";
    case NOT_SUPPORTED: return "CUDNN_STATUS_NOT_SUPPORTED";
    default: return "CUDNN_UNKNOWN_STATUS";
  }
}

int cudnnCreate(struct handle **made) {
  ENTER();
  REQUIRE(made, BAD_PARAM);
  REQUIRE(!standin_refusal(), NOT_INITIALIZED);
  *made = calloc(1, sizeof **made);
  standin_made(CUDNN, *made);
  return SUCCESS;
}

int cudnnDestroy(struct handle *handle) {
  ENTER();
  REQUIRE(standin_gone(CUDNN, handle), NOT_INITIALIZED);
  free(handle);
  return SUCCESS;
}

int cudnnSetStream(struct handle *handle, void *stream) {
  ENTER_HANDLE(handle);
  REQUIRE(standin_stream_known(stream), BAD_PARAM);
  handle->stream = stream;
  return SUCCESS;
}

static int make(void **made, size_t bytes) {
  REQUIRE(made, BAD_PARAM);
  *made = calloc(1, bytes);
  standin_made(DESCRIPTOR, *made);
  return SUCCESS;
}

static int destroy(void *descriptor) {
  REQUIRE(standin_gone(DESCRIPTOR, descriptor), BAD_PARAM);
  free(descriptor);
  return SUCCESS;
}

int dnn_is(const void *descriptor, enum what what) {
  return standin_is(DESCRIPTOR, descriptor) && *(const enum what *)descriptor == what;
}

/* ---- tensors and filters ---- */

size_t dnn_bytes(const struct sizes *s) {
  return sizeof(float) * (size_t)s->n * (size_t)s->c * (size_t)s->h * (size_t)s->w;
}

static int set(struct sizes *to, enum what what, int format, int type, int n, int c, int h, int w) {
  REQUIRE(standin_is(DESCRIPTOR, to), BAD_PARAM);
  REQUIRE(n > 0 && c > 0 && h > 0 && w > 0, BAD_PARAM);
  REQUIRE(format == FORMAT_NCHW && type == DATA_FLOAT, NOT_SUPPORTED);
  *to = (struct sizes){what, n, c, h, w, 1};
  REQUIRE((double)n * c * h * w <= 2147483647.0, NOT_SUPPORTED);
  return SUCCESS;
}

int cudnnCreateTensorDescriptor(void **made) {
  ENTER();
  return make(made, sizeof(struct sizes));
}

int cudnnSetTensor4dDescriptor(void *to, int format, int type, int n, int c, int h, int w) {
  ENTER();
  return set(to, TENSOR, format, type, n, c, h, w);
}

int cudnnSetTensor4dDescriptorEx(void *to, int type, int n, int c, int h, int w, int n_stride,
                                 int c_stride, int h_stride, int w_stride) {
  ENTER();
  int error = set(to, TENSOR, FORMAT_NCHW, type, n, c, h, w);
  struct sizes *s = to;
  if (!error) {
    s->dense = w_stride == 1 && h_stride == w && c_stride == h * w && n_stride == c * h * w;
  }
  return error;
}

int cudnnDestroyTensorDescriptor(void *descriptor) {
  ENTER();
  return destroy(descriptor);
}

int cudnnCreateFilterDescriptor(void **made) {
  ENTER();
  return make(made, sizeof(struct sizes));
}

int cudnnSetFilter4dDescriptor(void *to, int type, int format, int k, int c, int h, int w) {
  ENTER();
  return set(to, FILTER, format, type, k, c, h, w);
}

int cudnnDestroyFilterDescriptor(void *descriptor) {
  ENTER();
  return destroy(descriptor);
}

/* ---- convolutions and activations ---- */

int cudnnCreateConvolutionDescriptor(void **made) {
  ENTER();
  return make(made, sizeof(struct convolution));
}

int cudnnSetConvolution2dDescriptor(struct convolution *to, int pad_h, int pad_w, int stride_h,
                                    int stride_w, int dilation_h, int dilation_w, int mode,
                                    int type) {
  ENTER();
  REQUIRE(standin_is(DESCRIPTOR, to), BAD_PARAM);
  REQUIRE(pad_h >= 0 && pad_w >= 0 && stride_h > 0 && stride_w > 0, BAD_PARAM);
  REQUIRE(dilation_h > 0 && dilation_w > 0 && (mode == 0 || mode == 1), BAD_PARAM);
  REQUIRE(type == DATA_FLOAT, NOT_SUPPORTED);
  *to = (struct convolution){CONVOLUTION, pad_h,      pad_w,      stride_h, stride_w,
                             dilation_h,  dilation_w, mode,       1,        DEFAULT_MATH};
  return SUCCESS;
}

int cudnnSetConvolutionGroupCount(struct convolution *to, int groups) {
  ENTER();
  REQUIRE(dnn_is(to, CONVOLUTION) && groups > 0, BAD_PARAM);
  to->groups = groups;
  return SUCCESS;
}

int cudnnSetConvolutionMathType(struct convolution *to, int math) {
  ENTER();
  REQUIRE(dnn_is(to, CONVOLUTION) && math >= DEFAULT_MATH && math <= FMA_MATH, BAD_PARAM);
  to->math = math;
  return SUCCESS;
}

int cudnnGetConvolutionMathType(struct convolution *from, int *math) {
  ENTER();
  REQUIRE(dnn_is(from, CONVOLUTION) && math, BAD_PARAM);
  *math = from->math;
  return SUCCESS;
}

static int length(int x, int pad, int kernel, int stride, int dilation) {
  return (x + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
}

int cudnnGetConvolution2dForwardOutputDim(const struct convolution *d, const struct sizes *x,
                                          const struct sizes *w, int *n, int *c, int *oh, int *ow) {
  ENTER();
  REQUIRE(dnn_is(d, CONVOLUTION) && dnn_is(x, TENSOR) && dnn_is(w, FILTER), BAD_PARAM);
  REQUIRE(x->c == w->c * d->groups && w->n % d->groups == 0, BAD_PARAM);
  *n = x->n;
  *c = w->n;
  *oh = length(x->h, d->pad_h, w->h, d->stride_h, d->dilation_h);
  *ow = length(x->w, d->pad_w, w->w, d->stride_w, d->dilation_w);
  return *oh > 0 && *ow > 0 ? SUCCESS : BAD_PARAM;
}

int dnn_conv(struct conv *to, const struct sizes *x, const struct sizes *w,
             const struct convolution *d, const struct sizes *y) {
  REQUIRE(dnn_is(d, CONVOLUTION) && dnn_is(x, TENSOR), BAD_PARAM);
  REQUIRE(dnn_is(w, FILTER) && dnn_is(y, TENSOR), BAD_PARAM);
  REQUIRE(x->c == w->c * d->groups && w->n % d->groups == 0, BAD_PARAM);
  REQUIRE(x->h + 2 * d->pad_h >= d->dilation_h * (w->h - 1) + 1, BAD_PARAM);
  REQUIRE(x->w + 2 * d->pad_w >= d->dilation_w * (w->w - 1) + 1, BAD_PARAM);
  *to = (struct conv){x->n, x->c, x->h, x->w, w->n, w->h, w->w, y->h, y->w, *d};
  REQUIRE(y->n == x->n && y->c == w->n, BAD_PARAM);
  REQUIRE(y->h == length(x->h, d->pad_h, w->h, d->stride_h, d->dilation_h), BAD_PARAM);
  REQUIRE(y->w == length(x->w, d->pad_w, w->w, d->stride_w, d->dilation_w), BAD_PARAM);
  return x->dense && y->dense ? SUCCESS : NOT_SUPPORTED;
}

int cudnnDestroyConvolutionDescriptor(void *descriptor) {
  ENTER();
  return destroy(descriptor);
}

int cudnnCreateActivationDescriptor(void **made) {
  ENTER();
  return make(made, sizeof(struct activation));
}

int cudnnSetActivationDescriptor(struct activation *to, int mode, int nan, double ceiling) {
  ENTER();
  REQUIRE(standin_is(DESCRIPTOR, to), BAD_PARAM);
  REQUIRE(mode >= 0 && mode <= 6 && (nan == 0 || nan == 1), BAD_PARAM);
  *to = (struct activation){ACTIVATION, mode, nan, ceiling};
  return SUCCESS;
}

int cudnnDestroyActivationDescriptor(void *descriptor) {
  ENTER();
  return destroy(descriptor);
}

/* cuDNN 8's stand-in: what its files share. */
#ifndef AKIN_STANDIN_DNN_H
#define AKIN_STANDIN_DNN_H

#include "standin.h"

enum {
  SUCCESS = 0,
  NOT_INITIALIZED = 1,
  ALLOC_FAILED = 2,
  BAD_PARAM = 3,
  EXECUTION_FAILED = 8,
  NOT_SUPPORTED = 9
};

enum { DATA_FLOAT = 0, FORMAT_NCHW = 0 };

enum { DEFAULT_MATH = 0, TENSOR_OP_MATH = 1, TENSOR_OP_MATH_ALLOW_CONVERSION = 2, FMA_MATH = 3 };

enum { ACTIVATION_RELU = 1, ACTIVATION_IDENTITY = 5 };

struct handle {
  void *stream;
};

/* Which of the descriptors below a pointer is. */
enum what { TENSOR = 1, FILTER, CONVOLUTION, ACTIVATION };

/* Sizes of a dense tensor [n,c,h,w] or of filters [k,c,h,w]; 0 as long as it is not set. */
struct sizes {
  enum what what;
  int n, c, h, w;
  int dense;
};

struct convolution {
  enum what what;
  int pad_h, pad_w, stride_h, stride_w, dilation_h, dilation_w;
  int mode, groups, math;
};

struct activation {
  enum what what;
  int mode, nan;
  double ceiling;
};

/* Whether it is a descriptor of the kind that was set. */
int dnn_is(const void *descriptor, enum what what);

/* A convolution as three descriptors and this one say it; a code if they do not fit together. */
struct conv {
  int n, c, h, w, o, kh, kw, oh, ow;
  struct convolution d;
};

int dnn_conv(struct conv *to, const struct sizes *x, const struct sizes *w,
             const struct convolution *d, const struct sizes *y);

/* The three passes of a convolution; the algorithms have their own numbers in each. */
enum pass { FORWARD, BACKWARD_DATA, BACKWARD_FILTER };

/* Whether an algorithm can do it, and the bytes that it needs beside. */
int dnn_workspace(enum pass pass, const struct conv *s, int algorithm, size_t *bytes);

/* Whether an algorithm's sums have an order of their own each time. */
int dnn_wavers(enum pass pass, int algorithm);

size_t dnn_bytes(const struct sizes *s);

#define ENTER_HANDLE(handle)                              \
  do {                                                    \
    ENTER();                                              \
    REQUIRE(handle, BAD_PARAM);                           \
    REQUIRE(standin_is(CUDNN, handle), NOT_INITIALIZED);  \
    REQUIRE(!standin_refusal(), EXECUTION_FAILED);        \
  } while (0)

#endif

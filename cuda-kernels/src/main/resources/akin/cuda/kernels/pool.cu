// Maxima and averages of windows over planes [h,w], and their gradients, by the numbers of
// akin.tensor.backend.PoolShape: windows may hang over the padding, stand apart, be dilated, or be
// adaptive, when the output's size makes them.
//
//   y[i,j] = max of x over window (i,j), NaN if it has one, -inf if it has no cell
//   y[i,j] = sum of x over window (i,j) / divisor(i,j)
//
// A thread an output, neighbours side by side: reads 4 bytes a cell of each window and writes 4. Where
// windows overlap or touch, what a warp reads again or leaves for its next turn waits in the cache, so
// memory sees x once. Windows two cells apart make each request take every other number of its sectors;
// rows brought to shared memory first would be read in full sectors, but no fewer of memory's, for two
// barriers more and a limit to the width of a window.

#define EACH(i, n)                                                              \
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < (n); \
       i += (long long)gridDim.x * blockDim.x)

// Windows along one axis of `size` cells and `out` outputs.
struct Axis {
  int size, out, kernel, stride, before, after, dilation, adaptive;

  // First cell that output i reaches; negative in the padding.
  __device__ __forceinline__ int start(int i) const {
    return adaptive ? (int)((long long)i * size / out) : i * stride - before;
  }

  // One past the last; may lie beyond the input.
  __device__ __forceinline__ int end(int i) const {
    return adaptive ? (int)(((long long)(i + 1) * size + out - 1) / out)
                    : start(i) + (kernel - 1) * dilation + 1;
  }

  // First cell that is not in the padding.
  __device__ __forceinline__ int first(int i) const {
    const int at = start(i);
    return at >= 0 ? at : (dilation - 1 - at) / dilation * dilation + at;
  }

  __device__ __forceinline__ int last(int i) const {
    const int at = end(i);
    return at < size ? at : size;
  }

  // Cells that count in the divisor, on the padding too if that counts.
  __device__ __forceinline__ int counted(int i, int padded) const {
    const int low = padded ? -before : 0;
    const int high = padded ? size + after : size;
    const int from = start(i);
    const int to = end(i);
    return (to < high ? to : high) - (from > low ? from : low);
  }

  // The first and last output whose window, dilation left aside, reaches cell `at`.
  __device__ __forceinline__ int lowest(int at) const {
    if (adaptive) return (int)((long long)at * out / size);
    const int room = at + before - (kernel - 1) * dilation;
    return room <= 0 ? 0 : (room + stride - 1) / stride;
  }

  __device__ __forceinline__ int highest(int at) const {
    const int i = adaptive ? (int)(((long long)(at + 1) * out + size - 1) / size) - 1
                           : (at + before) / stride;
    return i < out ? i : out - 1;
  }
};

#define SHAPE                                                                               \
  int h, int outH, int kernelH, int strideH, int top, int bottom, int dilationH, int w,     \
      int outW, int kernelW, int strideW, int left, int right, int dilationW, int adaptive, \
      int countPadding, int divisor

#define AXES                                                                        \
  const Axis rows{h, outH, kernelH, strideH, top, bottom, dilationH, adaptive};     \
  const Axis cols{w, outW, kernelW, strideW, left, right, dilationW, adaptive};

// Output or cell t is (i, j) of its plane.
#define PLACE(t, height, width)            \
  const long long line = t / (width);      \
  const int j = (int)(t - line * (width)); \
  const long long plane = line / (height); \
  const int i = (int)(line - plane * (height));

// y = the maximum of x over each window, NaN if it has one, -inf if it has no cell.
extern "C" __global__ void pool_max(const float *x, float *y, long long outputs, SHAPE) {
  AXES
  EACH(t, outputs) {
    PLACE(t, outH, outW)
    const float *picture = x + plane * h * w;
    float most = __int_as_float(0xff800000);
    for (int row = rows.first(i); row < rows.last(i); row += dilationH) {
      for (int col = cols.first(j); col < cols.last(j); col += dilationW) {
        const float value = picture[(long long)row * w + col];
        if (value > most || value != value) most = value;  // nothing is greater than a NaN
      }
    }
    y[t] = most;
  }
}

// y = the sum of x over each window / divisor, or / its cells where divisor is 0.
extern "C" __global__ void pool_average(const float *x, float *y, long long outputs, SHAPE) {
  AXES
  EACH(t, outputs) {
    PLACE(t, outH, outW)
    const float *picture = x + plane * h * w;
    float sum = 0.0f;
    for (int row = rows.first(i); row < rows.last(i); row += dilationH) {
      for (int col = cols.first(j); col < cols.last(j); col += dilationW) {
        sum += picture[(long long)row * w + col];
      }
    }
    const int cells = rows.counted(i, countPadding) * cols.counted(j, countPadding);
    y[t] = sum / (divisor != 0 ? divisor : cells);
  }
}

// first[window] = the number of the first cell of its plane that holds the window's maximum. A NaN is the
// largest and all NaN are alike; 2^32 - 1, which no plane has, is for a window without a cell. Threads
// and traffic as in pool_max, so that the gradient need not search: there only the few lanes of a warp
// that hold a maximum would, while the others stood by.
extern "C" __global__ void pool_first_max(const float *x, unsigned *first, long long outputs, SHAPE) {
  AXES
  EACH(t, outputs) {
    PLACE(t, outH, outW)
    const float *picture = x + plane * h * w;
    float most = 0.0f;
    unsigned at = 0xffffffffu;
    for (int row = rows.first(i); row < rows.last(i); row += dilationH) {
      for (int col = cols.first(j); col < cols.last(j); col += dilationW) {
        const long long cell = (long long)row * w + col;
        const float value = picture[cell];
        const bool more = value > most || value != value && most == most;
        if (more || at == 0xffffffffu) {
          most = value;
          at = (unsigned)cell;
        }
      }
    }
    first[t] = at;
  }
}

// dx = dy of every window in which this cell is the first that holds the maximum, the windows in order.
// A thread a cell, so no two write one place: no atomics. A window that does not see the cell has
// another first one.
extern "C" __global__ void pool_grad_max(const unsigned *first, const float *dy, float *dx,
                                         long long cells, SHAPE) {
  AXES
  EACH(t, cells) {
    PLACE(t, h, w)
    const unsigned cell = (unsigned)((long long)i * w + j);
    const int endH = rows.highest(i);
    const int endW = cols.highest(j);
    float sum = 0.0f;
    for (int p = rows.lowest(i); p <= endH; p++) {
#pragma unroll 1  // there are few
      for (int q = cols.lowest(j); q <= endW; q++) {
        const long long window = (plane * outH + p) * outW + q;
        if (first[window] == cell) sum += dy[window];
      }
    }
    dx[t] = sum;
  }
}

// dx = the sum of dy / divisor over the windows that see the cell, in order.
extern "C" __global__ void pool_grad_average(const float *dy, float *dx, long long cells, SHAPE) {
  AXES
  EACH(t, cells) {
    PLACE(t, h, w)
    const int endH = rows.highest(i);
    const int endW = cols.highest(j);
    float sum = 0.0f;
    for (int p = rows.lowest(i); p <= endH; p++) {
#pragma unroll 1  // there are few
      for (int q = cols.lowest(j); q <= endW; q++) {
        const int seen = rows.counted(p, countPadding) * cols.counted(q, countPadding);
        sum += dy[(plane * outH + p) * outW + q] / (divisor != 0 ? divisor : seen);
      }
    }
    dx[t] = sum;
  }
}

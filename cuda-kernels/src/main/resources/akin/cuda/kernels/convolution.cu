// What convolution needs beside cuDNN: pictures padded by unequal sides, an epilogue that cuDNN does
// not know, and depthwise convolution, whose outputs see one plane each. cuDNN's kernels are made
// for sums over many channels; here k·k products an output leave memory as the limit.
//
//   y[n,o,i,j] = act(Σ_ab w[o,a,b]·x[n,o/m, i·sh − top + a·dh, j·sw − left + b·dw] + bias[o]
//                + residual[n,o,i,j]),      m = outputs of a channel
//
// Indices are 32 bits wide: the host cuts a batch so that no tensor has 2³¹ elements.

// y; NaN stays NaN, and a bound that is NaN is none.
static __device__ __forceinline__ float activated(float v, float low, float high) {
  return v <= low ? low : v > high ? high : v;
}

// Elements i = this thread's, then one grid further on: neighbours to neighbours.
#define EACH(i, count)                                                                             \
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < (count); i += gridDim.x * blockDim.x)

// The sizes of a depthwise convolution; those of a plane are rows, then columns.
#define SIZES                                                                                      \
  int channels, int multiplier, int height, int width, int outHeight, int outWidth, int taps_h,    \
      int taps_w, int stride_h, int stride_w, int top, int left, int dilation_h, int dilation_w

// y = act(Σ w·x + bias + residual), each output's sum over one plane of x. A thread an output: a warp
// reads 32 neighbouring cells of x for each tap (for a stride of 2 every other), which the taps before
// have brought into the first cache, and one weight, a broadcast. From memory x comes once and y goes
// once, the least.
extern "C" __global__ void depthwise_forward(const float *__restrict__ x,
                                             const float *__restrict__ w,
                                             const float *__restrict__ bias,
                                             const float *__restrict__ residual,
                                             float *__restrict__ y, float low, float high,
                                             unsigned count, SIZES) {
  int outputs = channels * multiplier;
  EACH(at, count) {
    int j = at % outWidth;
    int i = at / outWidth % outHeight;
    int plane = at / outWidth / outHeight; // n·O + o
    int o = plane % outputs;
    const float *picture = x + (plane / multiplier) * height * width;
    const float *kernel = w + o * taps_h * taps_w;
    float sum = 0;
    for (int a = 0; a < taps_h; a++) {
      int row = i * stride_h - top + a * dilation_h;
      if (row >= 0 && row < height) {
        for (int b = 0; b < taps_w; b++) {
          int column = j * stride_w - left + b * dilation_w;
          if (column >= 0 && column < width) {
            sum += kernel[a * taps_w + b] * picture[row * width + column];
          }
        }
      }
    }
    sum += bias == nullptr ? 0.0f : bias[o];
    sum += residual == nullptr ? 0.0f : residual[at];
    y[at] = activated(sum, low, high);
  }
}

// Along one axis, the output whose window would begin where a cell lies, padding counted, and how far
// the cell lies behind: at 0 the output sees it.
struct Seen {
  int output, rest;

  __device__ __forceinline__ Seen(int at, int stride) : output(at / stride), rest(at % stride) {}

  __device__ __forceinline__ bool by(int outputs) const {
    return rest == 0 && output >= 0 && output < outputs;
  }

  // One tap on, dilation = outputs · stride + rest cells back.
  __device__ __forceinline__ void back(int outputs, int less, int stride) {
    output -= outputs;
    rest -= less;
    if (rest < 0) {
      rest += stride;
      output--;
    }
  }
};

// dx[n,c,·,·] = Σ over the outputs that saw it of dy·w, gathered: a thread a cell of x asks each tap
// whether an output lies where it would have read the cell. No atomics, each cell written once;
// traffic as in depthwise_forward. From tap to tap the output that would be it goes back by
// dilation / stride, with a borrow where the remainder does not suffice: divided once a cell.
extern "C" __global__ void depthwise_grad_input(const float *__restrict__ dy,
                                                const float *__restrict__ w,
                                                float *__restrict__ dx, unsigned count, SIZES) {
  int up = dilation_h / stride_h;
  int up_rest = dilation_h % stride_h;
  int across = dilation_w / stride_w;
  int across_rest = dilation_w % stride_w;
  EACH(at, count) {
    Seen column(at % width + left, stride_w);
    Seen row(at / width % height + top, stride_h);
    int plane = at / width / height; // n·C + c
    float sum = 0;
    for (int k = 0; k < multiplier; k++) {
      const float *picture = dy + (plane * multiplier + k) * outHeight * outWidth;
      const float *kernel = w + (plane % channels * multiplier + k) * taps_h * taps_w;
      Seen i = row;
      for (int a = 0; a < taps_h; a++) {
        if (i.by(outHeight)) {
          Seen j = column;
          for (int b = 0; b < taps_w; b++) {
            if (j.by(outWidth)) {
              sum += kernel[a * taps_w + b] * picture[i.output * outWidth + j.output];
            }
            j.back(across, across_rest, stride_w);
          }
        }
        i.back(up, up_rest, stride_h);
      }
    }
    dx[at] = sum;
  }
}

// Pieces of dw[o,a,b] = Σ over n, i, j of dy·x: [pieces, O·KH·KW], each over `length` of the
// batch·OH·OW positions. A warp a sum: lanes take neighbouring positions, so reads are coalesced,
// and a shuffle tree adds them. The warps of the taps of one output stand side by side and read the
// same dy and x, which come from memory once and from the first cache for the other taps. The next
// position of a lane is 32 further on: as many columns, rows and pictures each time, and a carry. So a
// place is divided out of its number once a sum, not once a position.
extern "C" __global__ void depthwise_grad_weight(const float *__restrict__ x,
                                                 const float *__restrict__ dy,
                                                 float *__restrict__ pieces, unsigned batch,
                                                 unsigned length, unsigned count, SIZES) {
  int lane = threadIdx.x % 32;
  int outputs = channels * multiplier;
  int taps = taps_h * taps_w;
  unsigned positions = batch * outHeight * outWidth;
  int pictures = 32 / outWidth / outHeight;
  int down = 32 / outWidth % outHeight * stride_h;
  int along = 32 % outWidth * stride_w;
  int whole_h = outHeight * stride_h;
  int whole_w = outWidth * stride_w;
  int others = (outputs - 1) * outHeight * outWidth;
  unsigned warps = gridDim.x * (blockDim.x / 32);
  for (unsigned at = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32; at < count; at += warps) {
    int o = at / taps % outputs;
    int top_tap = at % taps / taps_w * dilation_h - top;
    int left_tap = at % taps_w * dilation_w - left;
    unsigned first = at / taps / outputs * length;
    unsigned last = min(first + length, positions);
    const float *gradients = dy + o * outHeight * outWidth;
    const float *picture = x + o / multiplier * height * width;
    int n = (first + lane) / outWidth / outHeight;
    int row = (first + lane) / outWidth % outHeight * stride_h + top_tap;
    int column = (first + lane) % outWidth * stride_w + left_tap;
    float sum = 0;
    for (unsigned p = first + lane; p < last; p += 32) {
      if (row >= 0 && row < height && column >= 0 && column < width) {
        sum += gradients[n * others + p] * picture[(n * channels * height + row) * width + column];
      }
      column += along;
      bool carry = column >= whole_w + left_tap;
      column -= carry ? whole_w : 0;
      row += carry ? down + stride_h : down;
      carry = row >= whole_h + top_tap;
      row -= carry ? whole_h : 0;
      n += carry ? pictures + 1 : pictures;
    }
    for (int offset = 16; offset > 0; offset /= 2) {
      sum += __shfl_down_sync(0xffffffffu, sum, offset);
    }
    if (lane == 0) {
      pieces[at] = sum;
    }
  }
}

// y[i] = Σ over pieces of x[piece,i], in order. Reads each piece once; a thread an element.
extern "C" __global__ void sum_pieces(const float *__restrict__ x, float *__restrict__ y,
                                      unsigned count, int pieces) {
  EACH(i, count) {
    float sum = 0;
    for (int piece = 0; piece < pieces; piece++) {
      sum += x[(long long)piece * count + i];
    }
    y[i] = sum;
  }
}

// y = act(y + bias[o] + residual), where a plane of y has `plane` elements: 8 bytes an element, 12
// with a residual, the least. A thread loads two elements, a grid apart, before it stores any: this
// pass follows most convolutions, and with one load a thread a large card would wait for memory.
extern "C" __global__ void convolution_epilogue(float *y, const float *__restrict__ bias,
                                                const float *__restrict__ residual, float low,
                                                float high, unsigned count, unsigned outputs,
                                                unsigned plane) {
  const unsigned step = gridDim.x * blockDim.x;
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += 2 * step) {
    const unsigned j = i + step < count ? i + step : i;
    float first = y[i];
    float second = y[j];
    const float moreFirst = residual == nullptr ? 0.0f : residual[i];
    const float moreSecond = residual == nullptr ? 0.0f : residual[j];
    first += bias == nullptr ? 0.0f : bias[i / plane % outputs];
    second += bias == nullptr ? 0.0f : bias[j / plane % outputs];
    y[i] = activated(first + moreFirst, low, high);
    if (j != i) {
      y[j] = activated(second + moreSecond, low, high);
    }
  }
}

// y [planes,H',W'] = x [planes,H,W] shifted down by `top` and right by `left`, 0 around it: padding.
// With top, left ≤ 0 it is the crop that undoes it. A thread an element of y; reads and writes each
// element once. The border and the copy in one pass, where a fill and a copy would write twice.
extern "C" __global__ void shift_planes(const float *__restrict__ x, float *__restrict__ y,
                                        unsigned count, int height, int width, int outHeight,
                                        int outWidth, int top, int left) {
  EACH(at, count) {
    int column = (int)(at % outWidth) - left;
    int row = (int)(at / outWidth % outHeight) - top;
    unsigned plane = at / outWidth / outHeight;
    bool inside = row >= 0 && row < height && column >= 0 && column < width;
    y[at] = inside ? x[(plane * height + row) * width + column] : 0.0f;
  }
}

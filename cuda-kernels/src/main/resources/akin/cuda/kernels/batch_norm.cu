// Batch normalisation of x [outer,C,inner] per channel, and its gradient.
//
//   forward   y  = act(scale·(x − μ) + β),           scale = γ·r,  r = 1/√(σ² + eps)
//   gradient  g  = dy·act′(scale·(x − μ) + β)
//             dβ = Σ g,   dγ = r·Σ g·(x − μ)
//             dx = scale·(g − dβ/m − (x − μ)·r·dγ/m)  in training, else scale·g
//
// Each is a sum over the m = outer·inner numbers of a channel, then a pass over all elements. The
// sums come in three steps, so that their order goes by the shape alone: a thread adds up to about
// 80 numbers, a block merges its threads, and one more kernel merges the blocks' pieces in float64.
// Least traffic of forward: x is read twice and y written once, 12 bytes an element; of the
// gradient: x and dy read twice, dx written, 20 bytes. The pieces are 1/500 of that.
//
// How a block walks goes by the length of a plane:
//   runs     inner ≥ 32: a warp takes a run of up to 1024 neighbours of one plane; lanes start at
//            the 32-byte sector in which the run begins, so no request touches a sector in vain.
//            Sectors are counted from the part's start, for the bits of a call of its own.
//   columns  inner < 32: x is a matrix of C·inner columns; a warp reads 32 neighbours of a row, a
//            thread keeps to its column, and the columns of a channel are merged as pieces.
//
// In both, the loads of four turns are under way together: no branch stands between them.
//
// Several batches that stand one after the other (parts) have sums of their own.

#define WARP 32
#define WARPS 8
#define ALL 0xffffffffu

// y; NaN stays NaN, and a bound that is NaN is none.
static __device__ __forceinline__ float activated(float v, float low, float high) {
  return v <= low ? low : v > high ? high : v;
}

// dy/dv: 1, or 0 at the bounds and outside.
static __device__ __forceinline__ float slope(float v, float low, float high) {
  return v <= low || v >= high ? 0.0f : 1.0f;
}

// Count, mean and Σ(v − mean)² of numbers v = x − pivot, where the pivot is the channel's first
// number in this part: means are merged as small differences, whatever lies under all of them.
// A thread sums about its own first v. That is one of those summed, so Σ(v − first)² is at most
// (n + 1)·Σ(v − mean)²: what cancels is bounded by n, not by how far the numbers lie from 0, as it
// is not where a square of the mean is taken from a mean of squares.
struct Moments {
  float n, mean, m2;
  float first, sum, squares, pivot;
  const float *x;

  __device__ Moments(const float *x, long long pivotAt)
      : n(0), mean(0), m2(0), first(0), sum(0), squares(0), pivot(x[pivotAt]), x(x) {}

  __device__ void take(long long i) {
    float v = x[i] - pivot;
    if (n == 0) {
      first = v;
    }
    float d = v - first;
    n += 1;
    sum += d;
    squares += d * d;
  }

  __device__ void settle() {
    if (n > 0) {
      float offset = sum / n;
      mean = first + offset;
      float central = squares - sum * offset;
      m2 = central < 0 ? 0.0f : central; // NaN stays NaN
    }
  }

  // Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample
  // variances", 1979
  __device__ void merge(float n2, float mean2, float m22) {
    float all = n + n2;
    float share = all > 0 ? n2 / all : 0.0f;
    float d = mean2 - mean;
    mean += d * share;
    m2 += m22 + d * d * n * share;
    n = all;
  }

  __device__ void merge_lanes() {
    for (int offset = WARP / 2; offset > 0; offset /= 2) {
      float n2 = __shfl_down_sync(ALL, n, offset);
      float mean2 = __shfl_down_sync(ALL, mean, offset);
      float m22 = __shfl_down_sync(ALL, m2, offset);
      merge(n2, mean2, m22);
    }
  }

  __device__ void put(float *to, long long at, long long plane) const {
    to[at] = n;
    to[plane + at] = mean;
    to[2 * plane + at] = m2;
  }

  __device__ void merge_from(const float *from, int at, int plane) {
    merge(from[at], from[plane + at], from[2 * plane + at]);
  }
};

// Σ g and Σ g·(x − μ) of one channel.
struct Products {
  float first, second;
  const float *x, *dy;
  float mu, scale, beta, low, high;

  __device__ Products(const float *x, const float *dy, const float *gamma, const float *beta,
                      const float *mean, const float *r, int channel, long long statistic,
                      float low, float high)
      : first(0), second(0), x(x), dy(dy), mu(mean[statistic]),
        scale(gamma[channel] * r[statistic]), beta(beta[channel]), low(low), high(high) {}

  __device__ void take(long long i) {
    float centred = x[i] - mu;
    float g = dy[i] * slope(scale * centred + beta, low, high);
    first += g;
    second += g * centred;
  }

  __device__ void settle() {}

  __device__ void merge_lanes() {
    for (int offset = WARP / 2; offset > 0; offset /= 2) {
      first += __shfl_down_sync(ALL, first, offset);
      second += __shfl_down_sync(ALL, second, offset);
    }
  }

  __device__ void put(float *to, long long at, long long plane) const {
    to[at] = first;
    to[plane + at] = second;
  }

  __device__ void merge_from(const float *from, int at, int plane) {
    first += from[at];
    second += from[plane + at];
  }
};

// One block's piece of a channel: block b sums runs of channel b % C and writes piece b. There are
// `segments` runs to a plane, each `length` long but the last, and `runs` to a piece.
template <class Sums>
static __device__ void sum_runs(Sums sums, float *pieces, int channels, long long inner, int rows,
                                int chunks, int segments, int length, int runs) {
  __shared__ float merged[3 * WARPS];
  int lane = threadIdx.x % WARP;
  int warp = threadIdx.x / WARP;
  int channel = blockIdx.x % channels;
  int piece = blockIdx.x / channels;
  long long part = (long long)(piece / chunks) * rows * channels * inner;
  long long first = (long long)(piece % chunks) * runs;
  long long last = min(first + runs, (long long)rows * segments);
  for (long long run = first + warp; run < last; run += WARPS) {
    long long from = run % segments * length;
    long long plane = (run / segments * channels + channel) * inner;
    long long start = plane + from;
    long long end = plane + min(from + length, inner);
    long long i = (start & ~7LL) + lane;
    if (i >= start && i < end) {
      sums.take(part + i);
    }
#pragma unroll 4
    for (i += WARP; i < end; i += WARP) {
      sums.take(part + i);
    }
  }
  sums.settle();
  sums.merge_lanes();
  if (lane == 0) {
    sums.put(merged, warp, WARPS);
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int other = 1; other < WARPS; other++) {
      sums.merge_from(merged, other, WARPS);
    }
    sums.put(pieces, blockIdx.x, gridDim.x);
  }
}

// Blocks that stand side by side on a row.
static __device__ __forceinline__ int blocks_of(long long columns) {
  return (int)((columns + WARP - 1) / WARP);
}

// A thread's column; the last one for lanes beyond it, which take nothing.
static __device__ __forceinline__ long long column_of(long long columns) {
  return min((long long)(blockIdx.x % blocks_of(columns)) * WARP + threadIdx.x, columns - 1);
}

// The first row of the block's part.
static __device__ __forceinline__ long long first_row(long long columns, int rows, int chunks) {
  return (long long)(blockIdx.x / blocks_of(columns) / chunks) * rows;
}

// One block's piece of 32 columns: rows of a chunk, every eighth to a thread.
template <class Sums>
static __device__ void sum_columns(Sums sums, float *pieces, long long columns, int rows,
                                   int chunks, int length) {
  __shared__ float merged[3 * WARPS * WARP];
  int blocks = blocks_of(columns);
  int piece = blockIdx.x / blocks;
  long long column = (long long)(blockIdx.x % blocks) * WARP + threadIdx.x;
  long long base = first_row(columns, rows, chunks);
  int first = piece % chunks * length;
  int last = min(first + length, rows);
  if (column < columns) {
    for (int row = first + threadIdx.y; row < last; row += WARPS) {
      sums.take((base + row) * columns + column);
    }
  }
  sums.settle();
  sums.put(merged, threadIdx.y * WARP + threadIdx.x, WARPS * WARP);
  __syncthreads();
  if (threadIdx.y == 0 && column < columns) {
    for (int other = 1; other < WARPS; other++) {
      sums.merge_from(merged, other * WARP + threadIdx.x, WARPS * WARP);
    }
    sums.put(pieces, (long long)piece * columns + column, gridDim.x / blocks * columns);
  }
}

// Pieces of count, mean − pivot, Σ(x − mean)²: [3, parts·chunks, C]. Reads x once.
extern "C" __global__ void bn_moments_runs(const float *x, float *pieces, int channels,
                                           long long inner, int rows, int chunks, int segments,
                                           int length, int runs) {
  long long row = blockIdx.x / channels / chunks * (long long)rows;
  Moments sums(x, (row * channels + blockIdx.x % channels) * inner);
  sum_runs(sums, pieces, channels, inner, rows, chunks, segments, length, runs);
}

// Pieces of count, mean − pivot, Σ(x − mean)² for short planes: [3, parts·chunks, C·inner]. Reads x
// once.
extern "C" __global__ void bn_moments_columns(const float *x, float *pieces, int channels,
                                              int inner, int rows, int chunks, int length) {
  long long columns = (long long)channels * inner;
  long long row = first_row(columns, rows, chunks);
  Moments sums(x, row * columns + column_of(columns) / inner * inner);
  sum_columns(sums, pieces, columns, rows, chunks, length);
}

// Pieces of Σ g, Σ g·(x − μ): [2, parts·chunks, C]. Reads x and dy once.
extern "C" __global__ void bn_products_runs(const float *x, const float *dy, const float *gamma,
                                            const float *beta, const float *mean, const float *r,
                                            float *pieces, float low, float high, int channels,
                                            long long inner, int rows, int chunks, int segments,
                                            int length, int runs) {
  int channel = blockIdx.x % channels;
  long long statistic = (long long)(blockIdx.x / channels / chunks) * channels + channel;
  Products sums(x, dy, gamma, beta, mean, r, channel, statistic, low, high);
  sum_runs(sums, pieces, channels, inner, rows, chunks, segments, length, runs);
}

// Pieces of Σ g, Σ g·(x − μ) for short planes: [2, parts·chunks, C·inner]. Reads x and dy once.
extern "C" __global__ void bn_products_columns(const float *x, const float *dy, const float *gamma,
                                               const float *beta, const float *mean,
                                               const float *r, float *pieces, float low,
                                               float high, int channels, int inner, int rows,
                                               int chunks, int length) {
  long long columns = (long long)channels * inner;
  int channel = (int)(column_of(columns) / inner);
  long long statistic = blockIdx.x / blocks_of(columns) / chunks * (long long)channels + channel;
  Products sums(x, dy, gamma, beta, mean, r, channel, statistic, low, high);
  sum_columns(sums, pieces, columns, rows, chunks, length);
}

// The sum of a value over the eight threads of a column, in order, known to each of them.
static __device__ double sum_of_eight(double value) {
  __shared__ double values[WARPS * WARP];
  values[threadIdx.y * WARP + threadIdx.x] = value;
  __syncthreads();
  double sum = 0;
  for (int i = 0; i < WARPS; i++) {
    sum += values[i * WARP + threadIdx.x];
  }
  __syncthreads();
  return sum;
}

// Statistics of each part from its pieces, and the running ones moved once for each part in order,
// towards μ and the unbiased variance. A thread column a channel, eight threads share its pieces.
// The pivots are as far apart as planes, a sector each: 1/500 of what the pieces' kernel reads.
extern "C" __global__ void bn_statistics(const float *x, const float *pieces, float *mean,
                                         float *r, float *runningMean, float *runningVar,
                                         int channels, long long inner, int rows, int width,
                                         int chunks, int parts, double eps, double momentum) {
  int channel = blockIdx.x * WARP + threadIdx.x;
  bool live = channel < channels;
  long long row = (long long)channels * width;
  long long plane = (long long)parts * chunks * row;
  int count = live ? chunks * width : 0;
  bool writes = live && threadIdx.y == 0;
  double movedMean = writes ? runningMean[channel] : 0;
  double movedVar = writes ? runningVar[channel] : 0;
  for (int part = 0; part < parts; part++) {
    const float *own = pieces + part * chunks * row + (long long)channel * width;
    double n = 0;
    double sum = 0;
    for (int k = threadIdx.y; k < count; k += WARPS) {
      long long at = k / width * row + k % width;
      n += own[at];
      sum += (double)own[at] * own[plane + at];
    }
    double m = sum_of_eight(n);
    double offset = sum_of_eight(sum) / m;
    double squares = 0;
    for (int k = threadIdx.y; k < count; k += WARPS) {
      long long at = k / width * row + k % width;
      double d = own[plane + at] - offset;
      squares += own[2 * plane + at] + own[at] * d * d;
    }
    double central = sum_of_eight(squares);
    if (writes) {
      double mu = x[((long long)part * rows * channels + channel) * inner] + offset;
      movedMean = (float)(movedMean + momentum * (mu - movedMean));
      movedVar = (float)(movedVar + momentum * (central / (m - 1) - movedVar));
      mean[(long long)part * channels + channel] = (float)mu;
      r[(long long)part * channels + channel] = (float)(1 / sqrt(central / m + eps));
    }
  }
  if (writes) {
    runningMean[channel] = (float)movedMean;
    runningVar[channel] = (float)movedVar;
  }
}

// μ and r as they are outside training: from the running statistics. A thread a channel.
extern "C" __global__ void bn_recall(const float *runningMean, const float *runningVar,
                                     float *mean, float *r, int channels, double eps) {
  int channel = blockIdx.x * blockDim.x + threadIdx.x;
  if (channel < channels) {
    mean[channel] = runningMean[channel];
    r[channel] = (float)(1 / sqrt(runningVar[channel] + eps));
  }
}

// y = act(scale·(x − μ) + β): 8 bytes an element, the least; four numbers a channel come from the
// cache. Neighbouring threads take neighbouring elements; a thread loads two, a grid apart, before it
// stores any: with one load a thread a large card would wait for memory. (x and y are not __restrict__,
// or the compiler would put the second load off until after the first store.)
extern "C" __global__ void bn_apply(const float *x, const float *__restrict__ gamma,
                                    const float *__restrict__ beta,
                                    const float *__restrict__ mean, const float *__restrict__ r,
                                    float *y, float low, float high, unsigned count,
                                    unsigned channels, unsigned inner) {
  const unsigned step = gridDim.x * blockDim.x;
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += 2 * step) {
    const unsigned j = i + step < count ? i + step : i;
    const float first = x[i];
    const float second = x[j];
    const unsigned c = i / inner % channels;
    const unsigned d = j / inner % channels;
    y[i] = activated(gamma[c] * r[c] * (first - mean[c]) + beta[c], low, high);
    if (j != i) {
      y[j] = activated(gamma[d] * r[d] * (second - mean[d]) + beta[d], low, high);
    }
  }
}

// dβ, dγ from the pieces, parts added in order; and of each part, if it was in training, what its
// elements lose: offset = dβ/m and tilt = r·dγ/m, [parts,C] each. Threads as in bn_statistics.
extern "C" __global__ void bn_slopes(const float *pieces, const float *r, float *dGamma,
                                     float *dBeta, float *offset, float *tilt, int channels,
                                     int width, int chunks, int parts, double m) {
  int channel = blockIdx.x * WARP + threadIdx.x;
  bool live = channel < channels;
  long long row = (long long)channels * width;
  long long plane = (long long)parts * chunks * row;
  int count = live ? chunks * width : 0;
  double ofBeta = 0;
  double ofGamma = 0;
  for (int part = 0; part < parts; part++) {
    const float *own = pieces + part * chunks * row + (long long)channel * width;
    double first = 0;
    double second = 0;
    for (int k = threadIdx.y; k < count; k += WARPS) {
      long long at = k / width * row + k % width;
      first += own[at];
      second += own[plane + at];
    }
    first = sum_of_eight(first);
    second = sum_of_eight(second);
    if (live && threadIdx.y == 0) {
      long long at = (long long)part * channels + channel;
      double slope = second * r[at];
      ofBeta += first;
      ofGamma += slope;
      if (offset != nullptr) {
        offset[at] = (float)(first / m);
        tilt[at] = (float)(r[at] * slope / m);
      }
    }
  }
  if (live && threadIdx.y == 0) {
    dBeta[channel] = (float)ofBeta;
    dGamma[channel] = (float)ofGamma;
  }
}

// dx = scale·(g − offset − (x − μ)·tilt): 12 bytes an element, the least. dx may be dy: each
// thread reads its element before it writes there, hence no __restrict__.
extern "C" __global__ void bn_apply_grad(const float *x, const float *gamma, const float *beta,
                                         const float *mean, const float *r, const float *offset,
                                         const float *tilt, const float *dy, float *dx, float low,
                                         float high, unsigned count, unsigned channels,
                                         unsigned inner) {
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count;
       i += gridDim.x * blockDim.x) {
    unsigned c = i / inner % channels;
    float scale = gamma[c] * r[c];
    float centred = x[i] - mean[c];
    float g = dy[i] * slope(scale * centred + beta[c], low, high);
    if (offset != nullptr) {
      g = g - offset[c] - centred * tilt[c];
    }
    dx[i] = scale * g;
  }
}

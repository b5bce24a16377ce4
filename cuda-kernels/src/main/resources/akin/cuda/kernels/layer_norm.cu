// Layer normalisation of each row of x [rows,width] and its gradients:
//
//   y = gamma (x - mean) r + beta,   r = 1/sqrt(variance + eps), variance = sum (x - mean)^2 / width
//
// The variance is taken about the mean, in a second pass: E[x^2] - E[x]^2 cancels. A row is read once
// and kept in registers: by a group of lanes up to 256 numbers, by a block up to 4096; of a longer one
// the second and third pass find it in the cache. Least traffic: 8 bytes an element forward. The
// gradient for x moves 12, the least, those for gamma and beta read 8 more.

#define FULL 0xffffffffu

#define EACH(i, n)                                                              \
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < (n); \
       i += (long long)gridDim.x * blockDim.x)

// Threads that share a row, alike in layer_norm.cu and unit_lines.cu: `size` of them, each with its
// place, and how they add up a number each. Lanes of a warp, 2, 4 ... 32, exchange by shuffles.
struct Lanes {
  int size, place;

  __device__ __forceinline__ float sum(float value) const {
    for (int apart = size / 2; apart > 0; apart /= 2) {
      value += __shfl_xor_sync(FULL, value, apart);
    }
    return value;
  }
};

// A block of 256: each warp by itself, then the eight warps through shared memory.
struct Block {
  enum { size = 256 };
  int place;

  __device__ __forceinline__ float sum(float value) const {
    __shared__ float warps[8];
    value = Lanes{32, place % 32}.sum(value);
    __syncthreads();  // all have read the sum before
    if (place % 32 == 0) warps[place / 32] = value;
    __syncthreads();
    return ((warps[0] + warps[1]) + (warps[2] + warps[3])) +
           ((warps[4] + warps[5]) + (warps[6] + warps[7]));
  }
};

// The numbers i < width of a row that are this thread's, u counting them: at most `kept`, so that they
// stay in registers; or any number if kept is 0, and then they are read again, from a cache.
#define MINE(u, i)                                                                      \
  _Pragma("unroll") for (int u = 0, i = team.place; kept > 0 ? u < kept : i < width; \
                         u++, i += team.size) if (i < width)

// Rows of a kernel that gives each of them `lanes` lanes: all lanes of a warp stay in the loop for the
// shuffles, those beyond the last row with a width of 0.
#define ROWS(row, rows, lanes)                                                                \
  for (long long row = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / (lanes),          \
                 last = ((rows) + 32 / (lanes)-1) / (32 / (lanes)) * (32 / (lanes));          \
       row < last; row += (long long)gridDim.x * blockDim.x / (lanes))

// y = gamma (x - mean) r + beta of a row, and its mean and r = 1/sqrt(variance + eps).
template <int kept, class Team>
__device__ __forceinline__ void forward(Team team, const float *x, const float *gamma,
                                        const float *beta, float *y, float *means, float *invStds,
                                        long long row, int width, int size, bool there,
                                        float eps) {
  x += row * size;
  y += row * size;
  float mine[kept + 1];
  float sum = 0.0f;
  MINE(u, i) {
    const float value = x[i];
    if (kept > 0) mine[u] = value;
    sum += value;
  }
  const float mean = team.sum(sum) / size;
  float squares = 0.0f;
  MINE(u, i) {
    const float apart = (kept > 0 ? mine[u] : x[i]) - mean;
    squares = fmaf(apart, apart, squares);
  }
  const float r = 1.0f / sqrtf(team.sum(squares) / size + eps);
  MINE(u, i) {
    y[i] = fmaf(gamma[i], ((kept > 0 ? mine[u] : x[i]) - mean) * r, beta[i]);
  }
  if (team.place == 0 && there) {
    means[row] = mean;
    invStds[row] = r;
  }
}

extern "C" __global__ void layer_norm_short(const float *x, const float *gamma, const float *beta,
                                            float *y, float *mean, float *invStd, long long rows,
                                            int width, float eps, int lanes) {
  ROWS(row, rows, lanes) {
    forward<8>(Lanes{lanes, (int)threadIdx.x % lanes}, x, gamma, beta, y, mean, invStd, row,
               row < rows ? width : 0, width, row < rows, eps);
  }
}

#define FORWARD(name, kept)                                                                     \
  extern "C" __global__ void name(const float *x, const float *gamma, const float *beta,        \
                                  float *y, float *mean, float *invStd, int width, float eps) { \
    forward<kept>(Block{(int)threadIdx.x}, x, gamma, beta, y, mean, invStd, blockIdx.x, width,  \
                  width, true, eps);                                                            \
  }

FORWARD(layer_norm_long, 16)
FORWARD(layer_norm_wide, 0)

// dx = r (g - mean(g) - x^ mean(g x^)) with g = gamma dy and x^ = (x - mean) r.
template <int kept, class Team>
__device__ __forceinline__ void backward(Team team, const float *x, const float *gamma,
                                         const float *means, const float *invStds,
                                         const float *dy, float *dx, long long row, int width,
                                         int size) {
  x += row * size;
  dy += row * size;
  dx += row * size;
  const float mean = width > 0 ? means[row] : 0.0f;
  const float r = width > 0 ? invStds[row] : 0.0f;
  float normed[kept + 1];
  float slope[kept + 1];
  float sum = 0.0f;
  float along = 0.0f;
  MINE(u, i) {
    const float n = (x[i] - mean) * r;
    const float g = gamma[i] * dy[i];
    if (kept > 0) normed[u] = n;
    if (kept > 0) slope[u] = g;
    sum += g;
    along = fmaf(g, n, along);
  }
  sum = team.sum(sum) / size;
  along = team.sum(along) / size;
  MINE(u, i) {
    const float n = kept > 0 ? normed[u] : (x[i] - mean) * r;
    const float g = kept > 0 ? slope[u] : gamma[i] * dy[i];
    dx[i] = r * (g - sum - n * along);
  }
}

extern "C" __global__ void layer_norm_grad_short(const float *x, const float *gamma,
                                                 const float *mean, const float *invStd,
                                                 const float *dy, float *dx, long long rows,
                                                 int width, int lanes) {
  ROWS(row, rows, lanes) {
    backward<8>(Lanes{lanes, (int)threadIdx.x % lanes}, x, gamma, mean, invStd, dy, dx, row,
                row < rows ? width : 0, width);
  }
}

#define BACKWARD(name, kept)                                                                \
  extern "C" __global__ void name(const float *x, const float *gamma, const float *mean,    \
                                  const float *invStd, const float *dy, float *dx,          \
                                  int width) {                                              \
    backward<kept>(Block{(int)threadIdx.x}, x, gamma, mean, invStd, dy, dx, blockIdx.x,     \
                   width, width);                                                           \
  }

BACKWARD(layer_norm_grad_long, 16)
BACKWARD(layer_norm_grad_wide, 0)

// Parts [parts,width] of dbeta = sum dy and of dgamma = sum dy x^ over the rows, x^ = (x - mean) r.
// Part p takes rows p, p + parts, p + 2 parts ..., at most 64 of them, so that what a warp reads lies
// together however short the rows are. The parts are added up by reduce_columns_sum.
extern "C" __global__ void layer_norm_grad_columns(const float *x, const float *mean,
                                                   const float *invStd, const float *dy,
                                                   float *dGamma, float *dBeta, long long rows,
                                                   int width, long long parts) {
  EACH(i, parts * width) {
    const long long part = i / width;
    const long long column = i - part * width;
    float sum = 0.0f;
    float along = 0.0f;
#pragma unroll 4
    for (long long row = part; row < rows; row += parts) {
      const long long at = row * width + column;
      const float slope = dy[at];
      sum += slope;
      along = fmaf(slope, (x[at] - mean[row]) * invStd[row], along);
    }
    dBeta[i] = sum;
    dGamma[i] = along;
  }
}

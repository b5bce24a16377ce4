// Lines along the middle axis of x [outer,axis,inner] made as long as 1, and their gradient:
//
//   y = x/n,                     n = max(|x|, eps), a NaN stays NaN
//   dx = (dy - y <dy, y>)/n,     where n <= eps dx = dy/n
//
// Least traffic: 8 bytes an element forward, 12 backward. Rows (inner = 1) are read once and kept in
// registers: by a group of lanes up to 256 numbers, by a block up to 4096. Otherwise a thread a column
// reads it twice, the second time from the cache as far as it reaches. Longer lines take three steps:
// sums over parts of each line, which reduce_* add up, and a pass over all elements.

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

__device__ __forceinline__ float length(float squares, float eps) {
  const float root = sqrtf(squares);
  return root < eps ? eps : root;
}

// What is lost of dy along the line; nothing where the line was not made as long as 1.
__device__ __forceinline__ float lost(float along, float norm, float eps) {
  return norm > eps ? along : 0.0f;
}

// ---- rows ----

// y = x/n and n = max(|x|, eps) of a row.
template <int kept, class Team>
__device__ __forceinline__ void forward(Team team, const float *x, float *y, float *norms,
                                        long long row, int width, int size, bool there,
                                        float eps) {
  float mine[kept];
  float squares = 0.0f;
  MINE(u, i) {
    mine[u] = x[row * size + i];
    squares = fmaf(mine[u], mine[u], squares);
  }
  const float norm = length(team.sum(squares), eps);
  MINE(u, i) {
    y[row * size + i] = mine[u] / norm;
  }
  if (team.place == 0 && there) norms[row] = norm;
}

extern "C" __global__ void unit_short(const float *x, float *y, float *norm, long long rows,
                                      int width, float eps, int lanes) {
  ROWS(row, rows, lanes) {
    forward<8>(Lanes{lanes, (int)threadIdx.x % lanes}, x, y, norm, row, row < rows ? width : 0,
               width, row < rows, eps);
  }
}

extern "C" __global__ void unit_long(const float *x, float *y, float *norm, int width, float eps) {
  forward<16>(Block{(int)threadIdx.x}, x, y, norm, blockIdx.x, width, width, true, eps);
}

// dx = (dy - y <dy, y>)/n of a row, and dy/n where n <= eps.
template <int kept, class Team>
__device__ __forceinline__ void backward(Team team, const float *y, const float *norms,
                                         const float *dy, float *dx, long long row, int width,
                                         int size, float eps) {
  float value[kept];
  float slope[kept];
  float along = 0.0f;
  MINE(u, i) {
    value[u] = y[row * size + i];
    slope[u] = dy[row * size + i];
    along = fmaf(value[u], slope[u], along);
  }
  const float norm = width > 0 ? norms[row] : 1.0f;
  along = lost(team.sum(along), norm, eps);
  MINE(u, i) {
    dx[row * size + i] = (slope[u] - value[u] * along) / norm;
  }
}

extern "C" __global__ void unit_grad_short(const float *y, const float *norm, const float *dy,
                                           float *dx, long long rows, int width, float eps,
                                           int lanes) {
  ROWS(row, rows, lanes) {
    backward<8>(Lanes{lanes, (int)threadIdx.x % lanes}, y, norm, dy, dx, row,
                row < rows ? width : 0, width, eps);
  }
}

extern "C" __global__ void unit_grad_long(const float *y, const float *norm, const float *dy,
                                          float *dx, int width, float eps) {
  backward<16>(Block{(int)threadIdx.x}, y, norm, dy, dx, blockIdx.x, width, width, eps);
}

// ---- columns: neighbouring threads take neighbouring columns ----

// y = x/n and n = max(|x|, eps) of each line along the axis of x [outer,axis,inner].
extern "C" __global__ void unit_columns(const float *x, float *y, float *norms, long long outer,
                                        long long axis, long long inner, float eps) {
  EACH(line, outer * inner) {
    const long long o = line / inner;
    const long long start = o * axis * inner + (line - o * inner);
    float squares = 0.0f;
#pragma unroll 4
    for (long long j = 0; j < axis; j++) {
      const float value = x[start + j * inner];
      squares = fmaf(value, value, squares);
    }
    const float norm = length(squares, eps);
    norms[line] = norm;
#pragma unroll 4
    for (long long j = 0; j < axis; j++) y[start + j * inner] = x[start + j * inner] / norm;
  }
}

// dx = (dy - y <dy, y>)/n of each line along the axis, and dy/n where n <= eps.
extern "C" __global__ void unit_grad_columns(const float *y, const float *norms, const float *dy,
                                             float *dx, long long outer, long long axis,
                                             long long inner, float eps) {
  EACH(line, outer * inner) {
    const long long o = line / inner;
    const long long start = o * axis * inner + (line - o * inner);
    float along = 0.0f;
#pragma unroll 4
    for (long long j = 0; j < axis; j++) {
      along = fmaf(y[start + j * inner], dy[start + j * inner], along);
    }
    const float norm = norms[line];
    along = lost(along, norm, eps);
#pragma unroll 4
    for (long long j = 0; j < axis; j++) {
      dx[start + j * inner] = (dy[start + j * inner] - y[start + j * inner] * along) / norm;
    }
  }
}

// ---- long lines ----

// sums[o,p,i] = the sum of a[o,j,i] b[o,j,i] over j = p, p + parts, p + 2 parts ...: so a warp reads
// what lies together.
extern "C" __global__ void unit_products(const float *a, const float *b, float *sums,
                                         long long outer, long long axis, long long inner,
                                         long long parts) {
  const long long across = parts * inner;
  EACH(i, outer * across) {
    const long long o = i / across;
    const long long start = o * axis * inner;
    float sum = 0.0f;
#pragma unroll 4
    for (long long j = i - o * across; j < axis * inner; j += across) {
      sum = fmaf(a[start + j], b[start + j], sum);
    }
    sums[i] = sum;
  }
}

// norms = max(sqrt(norms), eps), where the sums of squares were.
extern "C" __global__ void unit_lengths(float *norms, long long lines, float eps) {
  EACH(i, lines) {
    norms[i] = length(norms[i], eps);
  }
}

// y = x/n, n that of x's line.
extern "C" __global__ void unit_divide(const float *x, const float *norms, float *y,
                                       long long count, long long axis, long long inner) {
  EACH(i, count) {
    const long long o = i / (axis * inner);
    y[i] = x[i] / norms[o * inner + i % inner];
  }
}

// dx = (dy - y along)/n, along = <dy, y> and n those of the line, and dy/n where n <= eps.
extern "C" __global__ void unit_grad_divide(const float *y, const float *norms, const float *along,
                                            const float *dy, float *dx, long long count,
                                            long long axis, long long inner, float eps) {
  EACH(i, count) {
    const long long line = i / (axis * inner) * inner + i % inner;
    const float norm = norms[line];
    dx[i] = (dy[i] - y[i] * lost(along[line], norm, eps)) / norm;
  }
}

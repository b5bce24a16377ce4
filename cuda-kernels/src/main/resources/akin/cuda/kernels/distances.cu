// Distances between all rows of a [n,d] (the queries) and all rows of b [m,d] (the gallery): either stored, or only the
// k nearest of each query kept. Whatever is asked, and for however many queries, a distance is the same float:
//
//   SQUARES     s = fma(x_i - y_i, x_i - y_i, s)   for i = 0 ... d-1 in this order;  s, or with `last` its root
//   ABSOLUTES   s = s + |x_i - y_i|                alike
//   PRODUCTS    s = fma(x_i, y_i, s)               alike; 0 - s, so that the largest product is nearest, or with `last` the
//                                                  cosine distance 1 - (s * scale_x) * scale_y, not below 0, where
//                                                  scale = 1 / max(norm, 1e-8), as inverse_norms gives it
//
// Never |x|^2 + |y|^2 - 2xy, which cancels where neighbours are close.
//
// How threads are laid. A warp takes 32 rows of the gallery and Q queries, Q = 16 or 1; lane l owns row l and keeps Q
// sums in registers. Rows come through shared memory in steps of 32 numbers: one load of the warp reads 32 numbers of one
// row that follow each other (128 bytes, 4 sectors), and later each lane reads its own row, four numbers at a time. Rows
// lie 36 floats apart there: any 8 lanes that are served together, row 4 banks after row, meet 32 different banks. The
// numbers of a query are the same for all lanes, so reading them is a broadcast. For 4 numbers that is 1 + Q reads of
// shared memory and 4 * Q * 2 operations. A warp needs no other: there is no barrier of the block.
//
// Traffic. The gallery is read once for each tile of Q queries: 4*m*d bytes, and 4*Q*d for the queries by each warp, from
// the first cache. Blocks of the same rows and of different queries follow each other in the grid, so where the gallery
// is read for several tiles at about the same time, the second cache serves all but the first.

enum Kind { SQUARES, PRODUCTS, ABSOLUTES };

constexpr int STEP = 32;
constexpr int PITCH = 36;
constexpr int WARPS = 4;
constexpr unsigned ALL = 0xffffffffu;
typedef unsigned long long Key;

template <int KIND>
__device__ __forceinline__ float term(float s, float x, float y) {
  if (KIND == PRODUCTS) {
    return __fmaf_rn(x, y, s);
  }
  const float e = __fsub_rn(x, y);
  return KIND == SQUARES ? __fmaf_rn(e, e, s) : __fadd_rn(s, fabsf(e));
}

template <int KIND>
__device__ __forceinline__ float finish(float s, float scaleX, float scaleY, int last) {
  if (KIND == PRODUCTS) {
    if (!last) {
      return __fsub_rn(0.0f, s);  // never -0, which would not be the key of 0
    }
    const float c = __fsub_rn(1.0f, __fmul_rn(__fmul_rn(s, scaleX), scaleY));
    return c < 0.0f ? 0.0f : c;  // keeps NaN, which fmaxf would not
  }
  return KIND == SQUARES && last ? __fsqrt_rn(s) : s;
}

// A warp's part of shared memory.
template <int Q>
struct Stage {
  float4 rows[STEP * PITCH / 4];
  float4 queries[Q * PITCH / 4];
};

// sums[i] of the lane's row with query i; a and b point to the tile's first query and row. Beyond d both count as 0, which
// leaves each sum as it is; in place of rows and queries that are not there the last is measured, and nobody asks for it.
template <int KIND, int Q>
__device__ __forceinline__ void measure(
    const float* __restrict__ a, int queries, const float* __restrict__ b, int rows, int d, Stage<Q>& stage, float* sums) {
  const int lane = threadIdx.x % 32;
  float* rowTile = reinterpret_cast<float*>(stage.rows);
  float* queryTile = reinterpret_cast<float*>(stage.queries);
#pragma unroll
  for (int i = 0; i < Q; i++) {
    sums[i] = 0.0f;
  }
  for (int start = 0; start < d; start += STEP) {
    const bool inside = start + lane < d;
    const int column = inside ? start + lane : d - 1;
    __syncwarp();  // the last step has been read
#pragma unroll 8
    for (int r = 0; r < STEP; r++) {
      const float v = b[(long long)min(r, rows - 1) * d + column];
      rowTile[r * PITCH + lane] = inside ? v : 0.0f;
    }
#pragma unroll 4
    for (int i = 0; i < Q; i++) {
      const float v = a[(long long)min(i, queries - 1) * d + column];
      queryTile[i * PITCH + lane] = inside ? v : 0.0f;
    }
    __syncwarp();
    const int fours = min(STEP / 4, (d - start + 3) / 4);
#pragma unroll 1
    for (int c = 0; c < fours; c++) {
      const float4 y = stage.rows[lane * (PITCH / 4) + c];
#pragma unroll
      for (int i = 0; i < Q; i++) {
        const float4 x = stage.queries[i * (PITCH / 4) + c];
        sums[i] = term<KIND>(term<KIND>(term<KIND>(term<KIND>(sums[i], x.x, y.x), x.y, y.y), x.z, y.z), x.w, y.w);
      }
    }
  }
}

// y [n,m] = all distances. Writes 4*n*m bytes, 32 rows that follow each other by one store of the warp; reads as above.
template <int KIND, int Q>
__device__ __forceinline__ void all(
    const float* __restrict__ a, const float* __restrict__ scaleA, const float* __restrict__ b,
    const float* __restrict__ scaleB, float* __restrict__ y, int n, int m, int d, int last) {
  __shared__ Stage<Q> stages[WARPS];
  const int tilesA = (n - 1) / Q + 1;
  const int first = blockIdx.x % tilesA * Q;
  const long long row = ((long long)(blockIdx.x / tilesA) * WARPS + threadIdx.x / 32) * 32;
  if (row >= m) {
    return;
  }
  float sums[Q];
  measure<KIND, Q>(
      a + (long long)first * d, n - first, b + row * d, (int)(m - row), d, stages[threadIdx.x / 32], sums);
  const long long mine = row + threadIdx.x % 32;
  if (mine >= m) {
    return;
  }
  const bool cosine = KIND == PRODUCTS && last;
  const float scale = cosine ? scaleB[mine] : 0.0f;
#pragma unroll
  for (int i = 0; i < Q; i++) {
    if (first + i < n) {
      y[(first + i) * (long long)m + mine] = finish<KIND>(sums[i], cosine ? scaleA[first + i] : 0.0f, scale, last);
    }
  }
}

// A distance and its row as one number that sorts by distance, then row: the bits of a float sort as it does once the sign
// of those from 0 on is set, and all bits of those below 0 are turned. NaN, made one NaN, comes after infinity. No row at
// all is ~0, which sorts last: row -1, distance NaN.
__device__ __forceinline__ Key keyOf(float distance, int row) {
  const unsigned bits = distance == distance ? __float_as_uint(distance) : 0x7fc00000u;
  return (Key)(bits ^ ((unsigned)((int)bits >> 31) | 0x80000000u)) << 32 | (unsigned)row;
}

// Puts the lanes' keys into the warp's list: lane i of `list` has the i-th smallest so far. As long as a lane has a key
// before the k-th, the first such lane's is put in: keys that lie behind it move up by a lane. The outcome is the k
// smallest of all, in whatever order they come.
__device__ __forceinline__ void offer(Key& list, Key key, int k) {
  const int lane = threadIdx.x % 32;
  while (const unsigned left = __ballot_sync(ALL, key < __shfl_sync(ALL, list, k - 1))) {
    const int from = __ffs(left) - 1;
    const Key next = __shfl_sync(ALL, key, from);
    const Key before = __shfl_up_sync(ALL, list, 1);
    if (next < list) {
      list = lane > 0 && next < before ? before : next;
    }
    if (lane == from) {
      key = ~(Key)0;
    }
  }
}

// The k <= 32 nearest of each query among the rows that one warp sees: every `lists`-th tile of 32. keys [n,lists,k],
// each list sorted; first_keys merges them. Nothing else is written: 8*n*lists*k bytes.
//
// `bits` tells which rows may answer which query: row r of the whole gallery is bit r % 32 of word r / 32 of the query's
// `words` words; 0 for all rows. A tile that answers no query is not read. `offset` is the number of b's first row in the
// whole gallery, a multiple of 32.
//
// What selection costs: of rows in random order about k*(1 + ln(rows/k)) come into a list, each by about 25 instructions
// of the warp; measuring takes 2*Q*d for 32 rows. Lists stay in registers, two of each lane for each query.
template <int KIND, int Q>
__device__ __forceinline__ void nearest(
    const float* __restrict__ a, const float* __restrict__ scaleA, const float* __restrict__ b,
    const float* __restrict__ scaleB, const unsigned* __restrict__ bits, Key* __restrict__ keys, int n, int m, int d,
    int last, int k, int lists, int offset, int words) {
  __shared__ Stage<Q> stages[WARPS];
  const int lane = threadIdx.x % 32;
  const int tilesA = (n - 1) / Q + 1;
  const int first = blockIdx.x % tilesA * Q;
  const int warp = blockIdx.x / tilesA * WARPS + threadIdx.x / 32;
  if (warp >= lists) {
    return;
  }
  const bool cosine = KIND == PRODUCTS && last;
  const float scales = cosine && lane < Q && first + lane < n ? scaleA[first + lane] : 0.0f;  // lane i's query i
  Key list[Q];
#pragma unroll
  for (int i = 0; i < Q; i++) {
    list[i] = ~(Key)0;
  }
  const int tiles = (m - 1) / 32 + 1;
  for (int tile = warp; tile < tiles; tile += lists) {
    const long long row = (long long)tile * 32;
    const unsigned* word = bits + (long long)first * words + offset / 32 + tile;
    unsigned wanted = ALL;
    if (bits) {
      wanted = 0;
      for (int i = 0; i < Q && first + i < n; i++) {
        wanted |= word[(long long)i * words];
      }
    }
    if (!wanted) {
      continue;
    }
    float sums[Q];
    measure<KIND, Q>(
        a + (long long)first * d, n - first, b + row * d, (int)(m - row), d, stages[threadIdx.x / 32], sums);
    const bool inside = row + lane < m;
    const float scale = cosine && inside ? scaleB[row + lane] : 0.0f;
#pragma unroll
    for (int i = 0; i < Q; i++) {
      if (first + i < n) {
        const float distance = finish<KIND>(sums[i], KIND == PRODUCTS ? __shfl_sync(ALL, scales, i) : 0.0f, scale, last);
        const bool passes = inside && (!bits || word[(long long)i * words] >> lane & 1);
        offer(list[i], passes ? keyOf(distance, offset + (int)row + lane) : ~(Key)0, k);
      }
    }
  }
#pragma unroll
  for (int i = 0; i < Q; i++) {
    if (first + i < n && lane < k) {
      keys[((long long)(first + i) * lists + warp) * k + lane] = list[i];
    }
  }
}

#define ALL_PAIRS(NAME, KIND, Q) /* y [n,m] = all distances by KIND, Q at a time. */                                      \
  extern "C" __global__ void __launch_bounds__(32 * WARPS, Q == 1 ? 8 : 5) distances_##NAME(                                              \
      const float* a, const float* scaleA, const float* b, const float* scaleB, float* y, int n, int m, int d, int last) { \
    all<KIND, Q>(a, scaleA, b, scaleB, y, n, m, d, last);                                                                 \
  }
ALL_PAIRS(squares, SQUARES, 16)
ALL_PAIRS(products, PRODUCTS, 16)
ALL_PAIRS(absolutes, ABSOLUTES, 16)
ALL_PAIRS(squares_one, SQUARES, 1)
ALL_PAIRS(products_one, PRODUCTS, 1)
ALL_PAIRS(absolutes_one, ABSOLUTES, 1)

#define NEAREST(NAME, KIND, Q) /* keys [n,lists,k] = the k <= 32 nearest rows by KIND, Q at a time. */                    \
  extern "C" __global__ void __launch_bounds__(32 * WARPS, Q == 1 ? 8 : 5) nearest_##NAME(                                                \
      const float* a, const float* scaleA, const float* b, const float* scaleB, const unsigned* bits, Key* keys, int n,   \
      int m, int d, int last, int k, int lists, int offset, int words) {                                                  \
    nearest<KIND, Q>(a, scaleA, b, scaleB, bits, keys, n, m, d, last, k, lists, offset, words);                           \
  }
NEAREST(squares, SQUARES, 16)
NEAREST(products, PRODUCTS, 16)
NEAREST(absolutes, ABSOLUTES, 16)
NEAREST(squares_one, SQUARES, 1)
NEAREST(products_one, PRODUCTS, 1)
NEAREST(absolutes_one, ABSOLUTES, 1)

// The first k <= 32 of every 1024 keys of a query, in order: lists [n,(count+1023)/1024,k] from keys [n,count]. A warp
// reads 32 keys that follow each other at a time; 8 bytes a key, and 8 for each that is kept.
extern "C" __global__ void __launch_bounds__(32 * WARPS) first_keys(
    const Key* __restrict__ keys, Key* __restrict__ lists, long long count, int k) {
  const int lane = threadIdx.x % 32;
  const long long warp = (long long)blockIdx.x * WARPS + threadIdx.x / 32;
  const long long warps = (count + 1023) / 1024;
  if (warp >= warps) {
    return;
  }
  const Key* own = keys + blockIdx.y * count;
  const long long end = min(count, (warp + 1) * 1024);
  Key list = ~(Key)0;
#pragma unroll 1
  for (long long start = warp * 1024; start < end; start += 32) {
    offer(list, start + lane < end ? own[start + lane] : ~(Key)0, k);
  }
  if (lane < k) {
    lists[(blockIdx.y * warps + warp) * k + lane] = list;
  }
}

// scale [n] = 1 / max(|x|, 1e-8) of each row of x [n,d], summed in float64: in float32 the squares of large and of small
// numbers leave the range. A warp a row, lane l sums columns l, l + 32, ...; then a tree. Reads 4*n*d bytes, writes 4*n.
extern "C" __global__ void inverse_norms(const float* __restrict__ x, float* __restrict__ scale, int n, int d) {
  const int lane = threadIdx.x % 32;
  const long long row = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / 32;
  if (row >= n) {
    return;
  }
  double sum = 0;
  for (int i = lane; i < d; i += 32) {
    const double v = x[row * d + i];
    sum = fma(v, v, sum);
  }
  for (int step = 16; step > 0; step /= 2) {
    sum += __shfl_xor_sync(ALL, sum, step);
  }
  if (lane == 0) {
    const double norm = sqrt(sum);
    scale[row] = (float)(1.0 / (norm < 1e-8 ? 1e-8 : norm));  // keeps NaN
  }
}

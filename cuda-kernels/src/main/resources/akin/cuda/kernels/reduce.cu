// Sums and extremes along the middle axis of x [outer,axis,inner]:
//
//   y[o,i] = sum over j of x[o,j,i] / divisor      (divisor = axis for a mean, 1 for a sum)
//   y[o,i] = the largest or smallest x[o,j,i]      (NaN if there is one)
//
// Every number is read once, 4 bytes an element, the least; y is written once. Four forms, chosen by
// shape alone, so that the order of a sum, and with it every bit, depends on nothing else:
//   reduce_short_*    inner = 1, axis up to 1024: a group of lanes a row
//   reduce_long_*     inner = 1, longer: a block a chunk of a row; the chunks' results are reduced again
//   reduce_columns_*  inner > 1: a thread a column, or a part of it; the parts are reduced again
//   reduce_tiles_*    inner < 32 and axis up to 64: the same through shared memory
// A sum of n terms has at most n - 1 roundings in whatever order they are added, these trees about
// n/256 + 8 of a long row (Higham, "Accuracy and Stability of Numerical Algorithms", 4.2).

#define FULL 0xffffffffu

struct Sum {
  static __device__ __forceinline__ float none() { return 0.0f; }
  static __device__ __forceinline__ float join(float a, float b) { return a + b; }
};

// fmaxf and fminf drop NaN, the contract keeps it.
struct Max {
  static __device__ __forceinline__ float none() { return __int_as_float(0xff800000); }
  static __device__ __forceinline__ float join(float a, float b) {
    return a != a || b != b ? a + b : fmaxf(a, b);
  }
};

struct Min {
  static __device__ __forceinline__ float none() { return __int_as_float(0x7f800000); }
  static __device__ __forceinline__ float join(float a, float b) {
    return a != a || b != b ? a + b : fminf(a, b);
  }
};

// Joins the values of groups of 2, 4 ... 32 neighbouring lanes; every lane gets its group's result.
template <class Op>
__device__ __forceinline__ float over_lanes(float value, int lanes) {
  for (int apart = lanes / 2; apart > 0; apart /= 2) {
    value = Op::join(value, __shfl_xor_sync(FULL, value, apart));
  }
  return value;
}

// y[r] = the result of row r of x [rows,axis]. A row has `lanes` neighbouring lanes of a warp, the
// power of two next to axis, 32 at most: so a warp reads 32 numbers that lie together however short
// the rows are. All lanes of a warp take part in every shuffle; those beyond the last row bring
// nothing.
template <class Op>
__device__ __forceinline__ void short_rows(const float *x, float *y, long long rows, int axis,
                                           int lanes, float divisor) {
  const int each = 32 / lanes;  // rows of a warp
  const int lane = threadIdx.x % 32;
  const int at = lane % lanes;
  const long long warp = (long long)blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
  const long long step = (long long)gridDim.x * (blockDim.x / 32) * each;
  for (long long first = warp * each; first < rows; first += step) {
    const long long row = first + lane / lanes;
    float value = Op::none();
    if (row < rows) {
      const float *line = x + row * axis;
#pragma unroll 4
      for (int j = at; j < axis; j += lanes) value = Op::join(value, line[j]);
    }
    value = over_lanes<Op>(value, lanes);
    if (at == 0 && row < rows) y[row] = value / divisor;
  }
}

// y[r,c] = the result of chunk c, `chunk` numbers long, of row r of x [rows,axis]. A block a chunk:
// neighbouring threads take neighbouring numbers, 256 apart from one turn to the next; then the lanes
// of each warp are joined, then the eight warps.
template <class Op>
__device__ __forceinline__ void long_rows(const float *x, float *y, long long axis, int chunk,
                                          int chunks, float divisor) {
  __shared__ float warps[8];
  const long long row = blockIdx.x / chunks;
  const long long start = (long long)(blockIdx.x % chunks) * chunk;
  const int count = (int)(axis - start < chunk ? axis - start : chunk);
  const float *line = x + row * axis + start;
  float value = Op::none();
#pragma unroll 8
  for (int j = threadIdx.x; j < count; j += 256) value = Op::join(value, line[j]);
  value = over_lanes<Op>(value, 32);
  if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = value;
  __syncthreads();
  if (threadIdx.x < 32) {
    value = over_lanes<Op>(threadIdx.x < 8 ? warps[threadIdx.x] : Op::none(), 8);
    if (threadIdx.x == 0) y[blockIdx.x] = value / divisor;
  }
}

// y[o,p,i] = the result of rows p, p + parts, p + 2 parts ... of x [outer,axis,inner]. Threads are
// numbered as y: the numbers that a warp reads at a time lie together, since a part takes every
// parts-th row and not a run of rows, and the host makes parts inner at least 32.
template <class Op>
__device__ __forceinline__ void columns(const float *x, float *y, long long outer, long long axis,
                                        long long inner, long long parts, float divisor) {
  const long long across = parts * inner;
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < outer * across;
       i += (long long)gridDim.x * blockDim.x) {
    const long long o = i / across;
    const float *picture = x + o * (axis * inner);
    float value = Op::none();
#pragma unroll 4
    for (long long j = i - o * across; j < axis * inner; j += across) {
      value = Op::join(value, picture[j]);
    }
    y[i] = value / divisor;
  }
}

// y[o,i] where pictures [axis,inner] are small: a block copies `pictures` of them, which lie together,
// to shared memory, and then a thread takes a column there. A picture has an odd number of rows there,
// the last one empty if need be: so columns of neighbouring pictures meet different banks where a row's
// length is a power of two. Other lengths may meet a bank twice; gaps that suit them would have the copy
// before do so instead, and memory is slower than either. The copy counts its gaps on: it divides once.
template <class Op>
__device__ __forceinline__ void tiles(const float *x, float *y, long long outer, int axis,
                                      int inner, int pictures, float divisor) {
  extern __shared__ float tile[];
  const int size = axis * inner;
  const int pitch = (axis | 1) * inner;
  const long long first = (long long)blockIdx.x * pictures;
  const int count = (int)(outer - first < pictures ? outer - first : pictures);
  x += first * size;
  int gaps = threadIdx.x / size * (pitch - size);
  int at = threadIdx.x % size;
  const int whole = blockDim.x / size * (pitch - size);
  const int rest = blockDim.x % size;
  for (int i = threadIdx.x; i < count * size; i += blockDim.x) {
    tile[i + gaps] = x[i];
    at += rest;
    gaps += at >= size ? whole + (pitch - size) : whole;
    at -= at >= size ? size : 0;
  }
  __syncthreads();
  y += first * inner;
  for (int i = threadIdx.x; i < count * inner; i += blockDim.x) {
    const int picture = i / inner;
    const float *column = tile + picture * pitch + (i - picture * inner);
    float value = Op::none();
    for (int j = 0; j < axis; j++) value = Op::join(value, column[j * inner]);
    y[i] = value / divisor;
  }
}

#define REDUCE(name, Op)                                                                         \
  /* y[r] = the name of row r of x [rows,axis] / divisor, rows of up to 1024 numbers. */         \
  extern "C" __global__ void reduce_short_##name(const float *x, float *y, long long rows,       \
                                                 int axis, int lanes, float divisor) {           \
    short_rows<Op>(x, y, rows, axis, lanes, divisor);                                            \
  }                                                                                              \
  /* y[r,c] = the name of chunk c of row r of x [rows,axis] / divisor, of longer rows. */        \
  extern "C" __global__ void reduce_long_##name(const float *x, float *y, long long axis,        \
                                                int chunk, int chunks, float divisor) {          \
    long_rows<Op>(x, y, axis, chunk, chunks, divisor);                                           \
  }                                                                                              \
  /* y[o,p,i] = the name of x[o,j,i] / divisor over j = p, p + parts, p + 2 parts and so on. */  \
  extern "C" __global__ void reduce_columns_##name(const float *x, float *y, long long outer,    \
                                                   long long axis, long long inner,              \
                                                   long long parts, float divisor) {             \
    columns<Op>(x, y, outer, axis, inner, parts, divisor);                                       \
  }                                                                                              \
  /* y[o,i] = the name of x[o,j,i] / divisor over all j, where [axis,inner] is small. */         \
  extern "C" __global__ void reduce_tiles_##name(const float *x, float *y, long long outer,      \
                                                 int axis, int inner, int pictures,              \
                                                 float divisor) {                                \
    tiles<Op>(x, y, outer, axis, inner, pictures, divisor);                                      \
  }

REDUCE(sum, Sum)
REDUCE(max, Max)
REDUCE(min, Min)

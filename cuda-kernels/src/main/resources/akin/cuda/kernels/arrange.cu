// Numbers moved about, none computed: axes reordered, rows copied, gathered, scattered. The least is 4
// bytes read and 4 written an element, and that is what these kernels ask for, up to the ends of runs
// that do not fill a sector of 32 bytes. x and y never overlap, and say so (__restrict__): else each
// load would wait for the store before it, and a thread had one number under way.

#define EACH(i, n)                                                              \
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < (n); \
       i += (long long)gridDim.x * blockDim.x)

// Axes that are stepped through outside of a tile or row, outermost first: of each its size and the
// elements between neighbours in x and in y.
#define OUTER_AXES                                                                          \
  int n0, long long x0, long long y0, int n1, long long x1, long long y1, int n2,           \
      long long x2, long long y2, int n3, long long x3, long long y3

struct Place {
  long long x, y;
};

__device__ __forceinline__ void cross(long long &i, Place &p, int n, long long x, long long y) {
  if (n == 1) return;
  const long long outer = i / n;
  const long long at = i - outer * n;
  p.x += at * x;
  p.y += at * y;
  i = outer;
}

#define CROSS_OUTER(i, p) \
  cross(i, p, n3, x3, y3); \
  cross(i, p, n2, x2, y2); \
  cross(i, p, n1, x1, y1); \
  cross(i, p, n0, x0, y0);

// Number i = line length + at of a tile that a block goes through, its threads side by side: divided out
// for a thread's first number only.
struct Walk {
  int line, at, length, lines, rest;

  __device__ __forceinline__ explicit Walk(int length)
      : line(threadIdx.x / length),
        at(threadIdx.x % length),
        length(length),
        lines(blockDim.x / length),
        rest(blockDim.x % length) {}

  __device__ __forceinline__ void next() {
    line += lines;
    at += rest;
    if (at >= length) {
      at -= length;
      line++;
    }
  }
};

// Axes a and b change places, by tiles of tileA x tileB cells that pass through shared memory. A cell
// is the `cell` numbers of an innermost axis that stays, or one number. In x cells lie together along
// b and stepA apart along a; in y together along a and stepB apart along b. So the tile is read in the
// order (a, b) and written in the order (b, a), each time with neighbouring threads at neighbouring
// places; a thin axis (the colours of a picture) lies in the tile as a whole, and runs go on over it.
// Cell (a, b) of the tile is at a pitchA + b pitchB; the host chooses the pitches so that 32 lanes
// meet 32 banks in both orders where sizes allow it (32 x 33 is the plain case). Tiles at the edge keep
// the pitches of the others, and may meet a bank twice; pitches of their own would save turns of shared
// memory, which has many times the bandwidth that this kernel waits for.
extern "C" __global__ void permute_tiles(const float *__restrict__ x, float *__restrict__ y,
                                         int sizeA, int sizeB, int cell, long long stepA,
                                         long long stepB, int tileA, int tileB, int pitchA,
                                         int pitchB, OUTER_AXES) {
  extern __shared__ float tile[];
  const int tilesA = (sizeA + tileA - 1) / tileA;
  const int tilesB = (sizeB + tileB - 1) / tileB;
  const unsigned tileOfA = blockIdx.x / tilesB;
  const int firstB = (int)(blockIdx.x - tileOfA * tilesB) * tileB;
  long long outer = tileOfA / tilesA;
  const int firstA = (int)(tileOfA % tilesA) * tileA;
  Place p{0, 0};
  CROSS_OUTER(outer, p)
  x += p.x + firstA * stepA + (long long)firstB * cell;
  y += p.y + firstB * stepB + (long long)firstA * cell;
  const int linesA = sizeA - firstA < tileA ? sizeA - firstA : tileA;
  const int linesB = sizeB - firstB < tileB ? sizeB - firstB : tileB;
  for (Walk i(linesB * cell); i.line < linesA; i.next()) {
    const int b = pitchB == cell ? 0 : i.at / cell * (pitchB - cell);
    tile[i.line * pitchA + b + i.at] = x[i.line * stepA + i.at];
  }
  __syncthreads();
  for (Walk i(linesA * cell); i.line < linesB; i.next()) {
    const int a = pitchA == cell ? 0 : i.at / cell * (pitchA - cell);
    y[i.line * stepB + i.at] = tile[i.line * pitchB + a + i.at];
  }
}

// Rows of `width` numbers that stay whole change places. A warp a piece of up to 512 numbers of a row:
// its lanes copy neighbouring numbers.
extern "C" __global__ void permute_rows(const float *__restrict__ x, float *__restrict__ y,
                                        long long rows, long long width,
                                        OUTER_AXES) {
  const long long pieces = (width + 511) / 512;
  const int lane = threadIdx.x % 32;
  for (long long warp = (long long)blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
       warp < rows * pieces; warp += (long long)gridDim.x * (blockDim.x / 32)) {
    long long row = warp / pieces;
    const long long start = (warp - row * pieces) * 512;
    const long long end = width - start < 512 ? width : start + 512;
    Place p{0, 0};
    CROSS_OUTER(row, p)
#pragma unroll 4
    for (long long j = start + lane; j < end; j += 32) y[p.y + j] = x[p.x + j];
  }
}

// y[r pitchY + c] = x[r pitchX + c] for rows of a few numbers, where copies of whole rows by the
// driver would move little at a time: a thread an element.
extern "C" __global__ void copy_rows(const float *__restrict__ x, long long pitchX,
                                     float *__restrict__ y, long long pitchY,
                                     long long rows, long long cols) {
  EACH(i, rows * cols) {
    const long long row = i / cols;
    const long long col = i - row * cols;
    y[row * pitchY + col] = x[row * pitchX + col];
  }
}

// y[k,c] = x[rows[k],c]. A thread an element, or four that lie together (16 bytes) where the width
// allows it: whatever the width, neighbouring threads write neighbouring places, and read them within
// a row. `width` counts what a thread moves.
template <class Unit>
__device__ __forceinline__ void gather(const Unit *x, const int *rows, Unit *y, long long count,
                                       long long width) {
  EACH(i, count * width) {
    const long long k = i / width;
    y[i] = x[rows[k] * width + (i - k * width)];
  }
}

extern "C" __global__ void gather_rows(const float *x, const int *rows, float *y, long long count,
                                       long long width) {
  gather(x, rows, y, count, width);
}

extern "C" __global__ void gather_rows4(const float4 *x, const int *rows, float4 *y,
                                        long long count, long long width) {
  gather(x, rows, y, count, width);
}

__device__ __forceinline__ float plus(float a, float b) { return a + b; }

__device__ __forceinline__ float4 plus(float4 a, float4 b) {
  return make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w);
}

// y[target[t],c] = the sum of x[source[j],c] for start[t] <= j < start[t + 1], in order of j. The host
// has sorted the sources by target, stably, so every target is one thread's for each column and no
// atomics are needed: the sum is the same every time. Rows of y that are no target were set to 0.
template <class Unit>
__device__ __forceinline__ void scatter(const Unit *x, const int *source, const int *target,
                                        const int *start, Unit *y, long long targets,
                                        long long width) {
  EACH(i, targets * width) {
    const long long t = i / width;
    const long long c = i - t * width;
    const int end = start[t + 1];
    int j = start[t];
    Unit sum = x[source[j] * width + c];
#pragma unroll 4
    for (j++; j < end; j++) sum = plus(sum, x[source[j] * width + c]);
    y[target[t] * width + c] = sum;
  }
}

extern "C" __global__ void scatter_add_rows(const float *x, const int *source, const int *target,
                                            const int *start, float *y, long long targets,
                                            long long width) {
  scatter(x, source, target, start, y, targets, width);
}

extern "C" __global__ void scatter_add_rows4(const float4 *x, const int *source, const int *target,
                                             const int *start, float4 *y, long long targets,
                                             long long width) {
  scatter(x, source, target, start, y, targets, width);
}

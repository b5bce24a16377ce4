// The gradient of all distances between rows of a [n,d] and b [m,d] for a, by differences:
//
//   da[i,l] = sum over j = 0 ... m-1, in this order, of dy[i,j] * (slope of the distance of a_i and b_j along l)
//
//   EUCLIDEAN  (a - b) / y, and 0 where y = 0       SQUARED  2 (a - b)       L1  sign(a - b)
//   COSINE     (c * a' - b') * scale_a, with a' = a * scale_a, b' = b * scale_b, scale = 1 / max(norm, 1e-8) as
//              inverse_norms gives it, c = 1 - y the cosine, and c = 0 where a's norm is not above 1e-8
//
// Not W * b by a matrix product: sum(w) * a - W * b cancels where neighbours are close, which is where training ends.
//
// How threads are laid. A block takes 8 rows of a and 128 columns; a thread owns one column of the 8 rows, 8 sums in
// registers. A number of b is read once for 8 rows, 128 bytes of a row by a warp. What belongs to a pair, not to a column
// (dy, y and what comes of them), is computed once by the block for 32 j at a time and lies in shared memory, the 8 rows
// of a j together, so that a thread reads them by two broadcasts of 16 bytes.
//
// Traffic. Reads b once for each 8 rows of a: 4*m*d*n/8 bytes, mostly from the second cache; dy and y once for each 128
// columns; writes 4*n*d. y and dy are stored [n,m], or [m,n] if swapped; then 8 rows that follow each other are one
// sector.

enum Distance { EUCLIDEAN, SQUARED, COSINE, L1 };

constexpr int ROWS = 8;
constexpr int PAIRS = 32;
constexpr int COLUMNS = 128;
constexpr int PITCH = 12;

template <int F>
__device__ __forceinline__ void gradient(
    const float* __restrict__ a, const float* __restrict__ scaleA, const float* __restrict__ b,
    const float* __restrict__ scaleB, const float* __restrict__ y, const float* __restrict__ dy, float* __restrict__ da,
    int n, int m, int d, int swapped) {
  __shared__ float4 weightTile[PAIRS * PITCH / 4];
  __shared__ float4 cosineTile[F == COSINE ? PAIRS * PITCH / 4 : 1];
  const int pitch = swapped ? ROWS : PITCH;
  const int blocks = (d - 1) / COLUMNS + 1;
  const int column = blockIdx.x % blocks * COLUMNS + threadIdx.x;
  const int first = blockIdx.x / blocks * ROWS;
  const bool inside = column < d;
  float mine[ROWS];
  float sums[ROWS];
#pragma unroll
  for (int i = 0; i < ROWS; i++) {
    const int row = min(first + i, n - 1);
    mine[i] = inside ? a[(long long)row * d + column] : 0.0f;
    if (F == COSINE) {
      mine[i] *= scaleA[row];
    }
    sums[i] = 0.0f;
  }
  for (int start = 0; start < m; start += PAIRS) {
    __syncthreads();  // the last pairs have been read
    for (int p = threadIdx.x; p < PAIRS * ROWS; p += COLUMNS) {
      // a warp's 32 pairs are 4 whole sectors of 8 numbers, and go to 32 banks: 4 j of 8 rows each, 8 floats apart if
      // swapped; else 8 j of 4 rows each, 12 floats apart
      const int i = swapped ? p % 8 : p / 8 % 4 + p / 32 % 2 * 4;
      const int j = swapped ? p / 8 : p % 8 + p / 64 * 8;
      const int row = first + i;
      float weight = 0.0f;
      float cosine = 0.0f;
      if (row < n && start + j < m) {
        const long long at = swapped ? (long long)(start + j) * n + row : (long long)row * m + start + j;
        weight = dy[at];
        if (F == EUCLIDEAN) {
          weight = y[at] == 0.0f ? 0.0f : __fdiv_rn(weight, y[at]);
        } else if (F == SQUARED) {
          weight *= 2.0f;
        } else if (F == COSINE) {
          cosine = scaleA[row] < 1e8f ? 1.0f - y[at] : 0.0f;
          weight *= scaleA[row];
        }
      }
      reinterpret_cast<float*>(weightTile)[j * pitch + i] = weight;
      if (F == COSINE) {
        reinterpret_cast<float*>(cosineTile)[j * pitch + i] = cosine;
      }
    }
    __syncthreads();
    const int pairs = min(PAIRS, m - start);
    if (inside) {
#pragma unroll 2
      for (int j = 0; j < pairs; j++) {
        float other = b[(long long)(start + j) * d + column];
        if (F == COSINE) {
          other *= scaleB[start + j];
        }
#pragma unroll
        for (int half = 0; half < ROWS / 4; half++) {
          const float4 w = weightTile[j * pitch / 4 + half];
          const float weights[4] = {w.x, w.y, w.z, w.w};
          const float4 c = F == COSINE ? cosineTile[j * pitch / 4 + half] : w;
          const float cosines[4] = {c.x, c.y, c.z, c.w};
#pragma unroll
          for (int i = 0; i < 4; i++) {
            const float x = mine[half * 4 + i];
            float slope = F == COSINE ? fmaf(cosines[i], x, -other) : x - other;
            if (F == L1) {
              slope = slope > 0.0f ? 1.0f : slope < 0.0f ? -1.0f : slope;  // 0 and NaN stay
            }
            sums[half * 4 + i] = fmaf(weights[i], slope, sums[half * 4 + i]);
          }
        }
      }
    }
  }
  if (inside) {
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
      if (first + i < n) {
        da[(long long)(first + i) * d + column] = sums[i];
      }
    }
  }
}

#define GRADIENT(NAME, F) /* da [n,d] = the gradient of F distances for a. */                                          \
  extern "C" __global__ void __launch_bounds__(COLUMNS, 6) distances_grad_##NAME(                                         \
      const float* a, const float* scaleA, const float* b, const float* scaleB, const float* y, const float* dy,       \
      float* da, int n, int m, int d, int swapped) {                                                                   \
    gradient<F>(a, scaleA, b, scaleB, y, dy, da, n, m, d, swapped);                                                    \
  }
GRADIENT(euclidean, EUCLIDEAN)
GRADIENT(squared, SQUARED)
GRADIENT(cosine, COSINE)
GRADIENT(l1, L1)

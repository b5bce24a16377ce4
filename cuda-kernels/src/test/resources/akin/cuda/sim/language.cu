// Kernels that make NVIDIA's compiler use as much of PTX as it does for code like Akin's. Compiled by
// NVRTC 11.8 with --gpu-architecture=compute_75 -lineinfo, like Akin's own kernels.

// Curves: y[k·n + i] = f_k(x[i]).
extern "C" __global__ void curves(const float* x, float* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  float v = x[i];
  y[i] = sinf(v);
  y[n + i] = cosf(v);
  y[2 * n + i] = tanf(v);
  y[3 * n + i] = expf(v);
  y[4 * n + i] = logf(v);
  y[5 * n + i] = sqrtf(v);
  y[6 * n + i] = tanhf(v);
  y[7 * n + i] = powf(fabsf(v), 1.7f);
  y[8 * n + i] = atanf(v);
  y[9 * n + i] = log1pf(fabsf(v));
  y[10 * n + i] = cbrtf(v);
  y[11 * n + i] = rsqrtf(fabsf(v));
}

extern "C" __global__ void curves64(const double* x, double* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  double v = x[i];
  y[i] = sin(v);
  y[n + i] = cos(v);
  y[2 * n + i] = exp(v);
  y[3 * n + i] = log(v);
  y[4 * n + i] = sqrt(v);
  y[5 * n + i] = pow(fabs(v), 1.7);
}

// Whole numbers: quotients, remainders, high products, counts of bits.
extern "C" __global__ void wholes(const int* x, int* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  int a = x[i], b = x[n + i];
  y[i] = a / b;
  y[n + i] = a % b;
  y[2 * n + i] = (unsigned) a / (unsigned) b;
  y[3 * n + i] = __mulhi(a, b);
  y[4 * n + i] = __umulhi(a, b);
  y[5 * n + i] = __popc(a) + 100 * __clz(b);
  y[6 * n + i] = __brev(a) ^ __ffs(b);
  y[7 * n + i] = __funnelshift_l(a, b, a & 31);
  y[8 * n + i] = __byte_perm(a, b, 0x5146);
  y[9 * n + i] = a / 7 + b % 10;
  y[10 * n + i] = abs(a) + min(a, b) - max(a, b);
  y[11 * n + i] = (a >> 3) + ((unsigned) b >> 5) + (a << 7);
}

extern "C" __global__ void wholes64(const long long* x, long long* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  long long a = x[i], b = x[n + i];
  y[i] = a / b;
  y[n + i] = a % b;
  y[2 * n + i] = (unsigned long long) a / (unsigned long long) b;
  y[3 * n + i] = __mul64hi(a, b);
  y[4 * n + i] = __umul64hi(a, b);
  y[5 * n + i] = __popcll(a) + 100 * __clzll(b);
  y[6 * n + i] = a * b + (a >> 3) - ((unsigned long long) b >> 5);
  y[7 * n + i] = (long long) (float) a + (long long) (double) b;
}

// Divergence: lanes take different ways through loops with break, continue and return.
extern "C" __global__ void ways(const int* x, int* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  int v = x[i], sum = 0;
  for (int k = 0; k < v; k++) {
    if (k % 3 == 1) continue;
    if (k * k > v) break;
    for (int j = k; j < v && sum < 1000; j += 1 + (v & 3)) {
      if (((j ^ v) & 7) == 5) {
        sum += 3;
        if (sum == 77) {
          y[i] = -1;
          return;
        }
      } else {
        sum += j & 1;
      }
    }
  }
  switch (v % 6) {
    case 0: sum += x[0]; break;
    case 1: sum *= 3; break;
    case 2: sum -= x[1]; break;
    case 3: sum ^= 0x55; break;
    case 4: sum = -sum; break;
    default: sum += 9;
  }
  y[i] = sum;
}

__device__ __noinline__ int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

// Calls: each thread another depth.
extern "C" __global__ void calls(int* y) { y[threadIdx.x] = fibonacci(threadIdx.x % 9); }

// Local memory reached by an index, parameters by value.
struct Table {
  int at[4];
  float value[8];
};
extern "C" __global__ void indexed(Table t, float* y, int n) {
  float local[8];
  for (int k = 0; k < 8; k++) local[k] = 2 * t.value[k];
  for (int k = 0; k < n; k++) local[t.at[(k + threadIdx.x) & 3]] += k;
  y[threadIdx.x] = local[threadIdx.x & 7];
}

// What the lanes of a warp tell each other.
extern "C" __global__ void exchange(const int* x, int* y) {
  int i = threadIdx.x, v = x[i];
  y[i] = __shfl_xor_sync(~0u, v, 5);
  y[32 + i] = __shfl_up_sync(~0u, v, 3);
  y[64 + i] = __shfl_down_sync(~0u, v, 3, 8);
  y[96 + i] = __shfl_sync(~0u, v, 2, 16);
  y[128 + i] = __ballot_sync(~0u, v > 3);
  y[160 + i] = __any_sync(~0u, v > 30) + 2 * __all_sync(~0u, v >= 0);
  y[192 + i] = __match_any_sync(~0u, v & 3);
  int same;
  y[224 + i] = __match_all_sync(~0u, v & 64, &same) + same;
  y[256 + i] = __activemask();
}

// Sums of blocks through shared memory of a size that the launch gives.
extern "C" __global__ void sums(const float* x, float* y, int n) {
  extern __shared__ float part[];
  float v = 0;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) v += x[i];
  part[threadIdx.x] = v;
  __syncthreads();
  for (int half = blockDim.x / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) y[blockIdx.x] = part[0];
}

// A histogram by atomics in shared and in global memory.
extern "C" __global__ void histogram(const int* x, int* y, int n) {
  __shared__ int bins[8];
  if (threadIdx.x < 8) bins[threadIdx.x] = 0;
  __syncthreads();
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
    atomicAdd(&bins[x[i] & 7], 1);
    atomicMax(&y[8], x[i]);
  }
  int odd = __syncthreads_count(threadIdx.x & 1);
  if (threadIdx.x < 8) atomicAdd(&y[threadIdx.x], bins[threadIdx.x]);
  if (threadIdx.x == 0) y[9 + blockIdx.x] = odd;
}

// Vectors of four, through a transposition in shared memory that meets no bank twice.
extern "C" __global__ void transpose(const float4* x, float* y) {
  __shared__ float tile[32][33];
  for (int row = threadIdx.y; row < 32; row += blockDim.y) {
    if (threadIdx.x < 8) {
      float4 v = x[row * 8 + threadIdx.x];
      tile[row][4 * threadIdx.x] = v.x;
      tile[row][4 * threadIdx.x + 1] = v.y;
      tile[row][4 * threadIdx.x + 2] = v.z;
      tile[row][4 * threadIdx.x + 3] = v.w;
    }
  }
  __syncthreads();
  for (int row = threadIdx.y; row < 32; row += blockDim.y) y[row * 32 + threadIdx.x] = tile[threadIdx.x][row];
}

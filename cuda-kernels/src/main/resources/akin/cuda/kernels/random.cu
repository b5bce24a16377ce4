// Random numbers that are functions of (key, element) alone, as akin.tensor.RandomStream defines them:
// the same seed gives the same numbers on every device, in any order, at any number of threads.
//
//   bits(i) = mix(key + (i + 1) golden)      64-bit whole numbers, the same bits everywhere
//   uniform(i) = (bits(i) >> 11) / 2^53      in [0, 1), exact in float64
//
// Nothing is read; 4 bytes an element are written, the least: neighbouring threads write neighbouring
// elements. A product and a sum in float64 are rounded each by itself, as Java does, not fused.
//
// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.

typedef unsigned long long u64;

// The finaliser of SplitMix64.
__device__ __forceinline__ u64 mix(u64 z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

__device__ __forceinline__ double uniform(u64 key, u64 i) {
  return (double)(mix(key + (i + 1) * 0x9E3779B97F4A7C15ULL) >> 11) * (1.0 / 9007199254740992.0);
}

#define EACH(i, n)                                                              \
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < (n); \
       i += (long long)gridDim.x * blockDim.x)

// y[i] = a + (b - a) uniform(i).
extern "C" __global__ void random_uniform(float *y, long long n, u64 key, double a, double b) {
  EACH(i, n) {
    y[i] = (float)__dadd_rn(a, __dmul_rn(b - a, uniform(key, i)));
  }
}

// y[i] = a + b gaussian(i), by Box and Muller from the uniform numbers 2i and 2i + 1. cospi needs no
// reduction by pi; it differs from the cosine of 2 pi u, rounded, by less than 1e-15, which is a
// different float about once in ten million numbers.
extern "C" __global__ void random_normal(float *y, long long n, u64 key, double a, double b) {
  EACH(i, n) {
    const double radius = sqrt(-2.0 * log(1.0 - uniform(key, 2 * i)));
    const double drawn = __dmul_rn(radius, cospi(2.0 * uniform(key, 2 * i + 1)));
    y[i] = (float)__dadd_rn(a, __dmul_rn(b, drawn));
  }
}

// y[i] = b where uniform(i) < a, else 0.
extern "C" __global__ void random_mask(float *y, long long n, u64 key, double a, double b) {
  EACH(i, n) {
    y[i] = uniform(key, i) < a ? (float)b : 0.0f;
  }
}

// The hinge over all triplets of an anchor: near [n,p] the distances of its positives, far [n,m] of its negatives,
//
//   l(i,j,k) = near[i,j] - far[i,k] + margin
//   y[0,i] = sum over j, k of max(l, 0), NaN stays        dnear[i,j] =  dy[0,i] * (how many k have l > 0)
//   y[1,i] = how many l > 0                               dfar[i,k]  = -dy[0,i] * (how many j have l > 0)
//
// How threads are laid. A block an anchor; a thread owns numbers t, t + 256, ... of the one side, and the numbers of the
// other side pass through shared memory, 256 at a time, where all threads read the same one. Sums of a thread are in order
// of the other side; the block adds them by a tree over shared memory, so the order depends on p and m only.
//
// Traffic. Reads 4*(p + m) bytes an anchor, the other side once more for each 256 of the own; the n*p*m terms, which as
// tensors would be written and read four times forward and three times backward, are never in memory. Operations: 4 a
// term.

constexpr int THREADS = 256;

// Of the thread's own number: the sum of its hinges with all of the other side, and how many are above 0.
// OWN is 1 if it is of near, -1 if it is of far. All threads of the block must come, with or without a number.
template <int OWN>
__device__ __forceinline__ void hinges(float own, const float* __restrict__ other, int count, float margin, float& sum, int& above) {
  __shared__ float tile[THREADS];
  sum = 0.0f;
  above = 0;
  for (int start = 0; start < count; start += THREADS) {
    const int some = min(THREADS, count - start);
    __syncthreads();  // the last tile has been read
    if (threadIdx.x < some) {
      tile[threadIdx.x] = other[start + threadIdx.x];
    }
    __syncthreads();
    for (int i = 0; i < some; i++) {
      const float l = (OWN > 0 ? own - tile[i] : tile[i] - own) + margin;
      sum += l < 0.0f ? 0.0f : l;
      above += l > 0.0f;
    }
  }
}

// y[0,i] = the sum of anchor i's hinges over all its triplets, y[1,i] = how many are above 0. Writes 8 bytes an anchor.
extern "C" __global__ void __launch_bounds__(THREADS) triplet_hinge(
    const float* __restrict__ near, const float* __restrict__ far, float* __restrict__ y, int n, int p, int m, float margin) {
  __shared__ float sums[THREADS];
  __shared__ int counts[THREADS];
  const int anchor = blockIdx.x;
  const int t = threadIdx.x;
  float total = 0.0f;
  int above = 0;
  for (int start = 0; start < m; start += THREADS) {
    const bool inside = start + t < m;
    float sum;
    int count;
    hinges<-1>(inside ? far[(long long)anchor * m + start + t] : 0.0f, near + (long long)anchor * p, p, margin, sum, count);
    total += inside ? sum : 0.0f;
    above += inside ? count : 0;
  }
  sums[t] = total;
  counts[t] = above;
  for (int half = THREADS / 2; half > 0; half /= 2) {
    __syncthreads();
    if (t < half) {
      sums[t] += sums[t + half];
      counts[t] += counts[t + half];
    }
  }
  if (t == 0) {
    y[anchor] = sums[0];
    y[n + anchor] = (float)counts[0];
  }
}

// d [n,ownCount] = +-dy[0,i] * how many are above 0: of near with other = far, or of far with other = near.
template <int OWN>
__device__ __forceinline__ void gradient(
    const float* __restrict__ own, int ownCount, const float* __restrict__ other, int otherCount,
    const float* __restrict__ dy, float* __restrict__ d, float margin) {
  const int anchor = blockIdx.x;
  for (int start = 0; start < ownCount; start += THREADS) {
    const long long at = (long long)anchor * ownCount + start + threadIdx.x;
    const bool inside = start + threadIdx.x < ownCount;
    float sum;
    int count;
    hinges<OWN>(inside ? own[at] : 0.0f, other + (long long)anchor * otherCount, otherCount, margin, sum, count);
    if (inside) {
      d[at] = OWN * dy[anchor] * (float)count;
    }
  }
}

// dnear[i,j] = dy[0,i] * (how many k have near[i,j] - far[i,k] + margin > 0).
extern "C" __global__ void __launch_bounds__(THREADS) triplet_hinge_grad_near(
    const float* near, const float* far, const float* dy, float* dnear, int p, int m, float margin) {
  gradient<1>(near, p, far, m, dy, dnear, margin);
}

// dfar[i,k] = -dy[0,i] * (how many j have near[i,j] - far[i,k] + margin > 0).
extern "C" __global__ void __launch_bounds__(THREADS) triplet_hinge_grad_far(
    const float* near, const float* far, const float* dy, float* dfar, int p, int m, float margin) {
  gradient<-1>(far, m, near, p, dy, dfar, margin);
}

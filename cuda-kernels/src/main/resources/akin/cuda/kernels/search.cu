// The end of a search for more than 32 nearest rows: stored distances become sorted runs of keys, and these one run. A key
// is a distance and a row in one number that sorts by distance, then row, NaN after all (distances.cu says how, makes the
// same, and for up to 32 keeps lists of them); ~0 is no row, and sorts last. All runs of a query are of one length; ~0 fills them up.
//
//   sort_distances  stored distances -> runs of up to 1024 keys, of each its first `keep`
//   merge_runs      two runs -> one, of which the first `keep` stay; ceil(log2(runs)) launches leave one run

typedef unsigned long long Key;
constexpr unsigned ALL = 0xffffffffu;

// Sorts the block's keys, one a thread, by Batcher's bitonic network; blockDim.x is a power of two, 32 ... 1024. Partners
// fewer than 32 apart exchange by shuffles, the others through shared memory, where lanes that follow each other read
// keys that follow each other.
__device__ __forceinline__ Key sorted(Key key) {
  __shared__ Key place[1024];
  const int t = threadIdx.x;
  for (int width = 2; width <= blockDim.x; width *= 2) {
    for (int stride = width / 2; stride > 0; stride /= 2) {
      Key other;
      if (stride < 32) {
        other = __shfl_xor_sync(ALL, key, stride);
      } else {
        __syncthreads();  // the last exchange has been read
        place[t] = key;
        __syncthreads();
        other = place[t ^ stride];
      }
      const bool rising = (t & width) == 0;
      const bool first = (t & stride) == 0;
      key = (key < other) == (rising == first) ? key : other;
    }
  }
  return key;
}

// runs [queries,gridDim.x,keep] from distances [queries,rows]; block (x, q) sorts query q's distances from x * blockDim.x
// on. Bits as in distances.cu: rows without a bit become ~0. Reads 4 bytes a distance and a bit, writes 8 a key kept.
extern "C" __global__ void __launch_bounds__(1024) sort_distances(
    const float* __restrict__ distances, const unsigned* __restrict__ bits, Key* __restrict__ runs, int rows, int keep,
    int offset, int words) {
  const long long row = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  Key key = ~(Key)0;
  if (row < rows) {
    const float distance = distances[(long long)blockIdx.y * rows + row];
    const long long word = (long long)blockIdx.y * words + (offset + row) / 32;
    if (!bits || bits[word] >> row % 32 & 1) {
      const unsigned number = distance == distance ? __float_as_uint(distance) : 0x7fc00000u;
      key = (Key)(number ^ ((unsigned)((int)number >> 31) | 0x80000000u)) << 32 | (unsigned)(offset + row);
    }
  }
  key = sorted(key);
  if (threadIdx.x < keep) {
    runs[((long long)blockIdx.y * gridDim.x + blockIdx.x) * keep + threadIdx.x] = key;
  }
}

// merged [queries,(count+1)/2,keep] from runs [queries,count,length], keep <= 2 * length. A thread a key: its place in the
// merged run is its own in its run and the number of keys before it in the other, by bisection; equal keys (~0 only) of
// the first run come first. Reads and writes each key once, and log2(length) keys of the other run, which neighbours ask
// for, too. A run without a partner is filled up with ~0.
extern "C" __global__ void __launch_bounds__(256) merge_runs(
    const Key* __restrict__ runs, Key* __restrict__ merged, int count, int length, int keep) {
  const long long at = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (at >= (long long)count * length) {
    return;
  }
  const Key* own = runs + (long long)blockIdx.y * count * length;
  const Key key = own[at];
  const int run = at / length;
  const int place = at % length;
  Key* to = merged + ((long long)blockIdx.y * ((count + 1) / 2) + run / 2) * keep;
  int before = 0;
  if ((run ^ 1) < count) {
    const Key* other = own + (long long)(run ^ 1) * length;
    const bool first = run % 2 == 0;
    for (int end = length; before < end;) {
      const int middle = before + (end - before) / 2;
      if (other[middle] < key || (!first && other[middle] == key)) {
        before = middle + 1;
      } else {
        end = middle;
      }
    }
  } else if (place + length < keep) {
    to[place + length] = ~(Key)0;
  }
  if (place + before < keep) {
    to[place + before] = key;
  }
}

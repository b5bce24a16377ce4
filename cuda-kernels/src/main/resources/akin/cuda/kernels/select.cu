// The k best of each row of x [rows,cols], as column numbers, best first; ties by column, NaN last
// whichever way, -0 equals 0.
//
// Every number becomes a key of 64 bits that says all of this by itself: the value as a whole number
// that grows as the value gets worse, then the column. Keys are unique, so the k best are exactly the
// keys up to the k-th, and nothing hangs on the order in which threads meet them.
//
// k up to 2048: blocks choose the k best of chunks of 4096 numbers by a radix search for the k-th key,
//   then the k best of what is left, until one chunk is left, which is sorted. x is read once, 4 bytes
//   an element; keys that are left, 8 bytes each, are k of 4096.
// more: all keys of a row are sorted by a bitonic network, in tiles of 2048 through shared memory and
//   with longer steps through the card's memory.
//
// Sources: Alabi et al., "Fast k-selection algorithms for graphics processing units", 2012; Batcher,
// "Sorting networks and their applications", 1968.

typedef unsigned long long u64;

#define FULL 0xffffffffu
#define NONE 0xffffffffffffffffULL  // after every key
#define THREADS 256
#define CHUNK 4096  // numbers of a block that selects: 16 keys a thread, in registers
#define TILE 2048   // keys of a block that sorts: 8 a thread

#define EACH(i, n)                                                              \
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < (n); \
       i += (long long)gridDim.x * blockDim.x)

// A float's bits as a whole number order positive floats; negative ones are turned over. NaN comes
// after the infinities.
__device__ __forceinline__ u64 key_of(float x, unsigned column, int largest) {
  const unsigned bits = x == 0.0f ? 0u : __float_as_uint(x);
  const unsigned rising = bits >> 31 ? ~bits : bits | 0x80000000u;
  const unsigned place = x != x ? 0xffffffffu : largest ? ~rising : rising;
  return (u64)place << 32 | column;
}

// Sorts by the stages `first` to `last` (lengths of runs, powers of two) of a bitonic network the keys
// of a tile of `size` that begins at `base` of its row. A thread keeps every 256th key and meets the
// other of each pair in shared memory: a warp asks for 32 neighbours in some order, so for 32 banks.
__device__ __forceinline__ void sort_tile(u64 *tile, int size, long long base, long long first,
                                          long long last) {
  for (long long stage = first; stage <= last; stage *= 2) {
    for (int apart = (int)(stage < size ? stage : size) / 2; apart > 0; apart /= 2) {
      u64 kept[TILE / THREADS];
#pragma unroll
      for (int j = 0; j < TILE / THREADS; j++) {
        const int i = threadIdx.x + j * THREADS;
        if (i < size) {
          const u64 own = tile[i];
          const u64 other = tile[i ^ apart];
          const bool rising = (base + i & stage) == 0;
          const bool lower = (i & apart) == 0;
          kept[j] = (rising == lower) == (own < other) ? own : other;
        }
      }
      __syncthreads();
#pragma unroll
      for (int j = 0; j < TILE / THREADS; j++) {
        const int i = threadIdx.x + j * THREADS;
        if (i < size) tile[i] = kept[j];
      }
      __syncthreads();
    }
  }
}

// ---- k up to 2048 ----

struct Search {
  unsigned histogram[256];
  unsigned warps[8];
  unsigned digit;  // of the k-th key
  unsigned left;   // how many keys with this digit are wanted
  unsigned there;  // how many there are
  unsigned found;
};

// The k-th key, k = `wanted`, or one between it and the next: eight bits at a time from the top. A
// histogram of the next digit of all keys that begin as the k-th does; the sum of what comes before
// tells the k-th's digit. It ends early where all keys with that digit are wanted, and with NONE where
// there are fewer than k.
__device__ __forceinline__ u64 last_wanted(Search &s, const u64 *keys, unsigned wanted) {
  const int t = threadIdx.x;
  u64 prefix = 0;
  for (int shift = 56;; shift -= 8) {
    s.histogram[t] = 0;
    __syncthreads();
#pragma unroll
    for (int j = 0; j < CHUNK / THREADS; j++) {
      if (keys[j] != NONE && (keys[j] ^ prefix) >> shift >> 8 == 0) {
        atomicAdd(&s.histogram[keys[j] >> shift & 255], 1u);
      }
    }
    __syncthreads();
    const unsigned own = s.histogram[t];
    unsigned upto = own;
    for (int apart = 1; apart < 32; apart *= 2) {
      const unsigned before = __shfl_up_sync(FULL, upto, apart);
      if (t % 32 >= apart) upto += before;
    }
    if (t % 32 == 31) s.warps[t / 32] = upto;
    __syncthreads();
    for (int warp = 0; warp < t / 32; warp++) upto += s.warps[warp];
    if ((upto >= wanted || t == 255) && upto - own < wanted) {
      s.digit = t;
      s.left = wanted - (upto - own);
      s.there = own;
    }
    __syncthreads();
    prefix |= (u64)s.digit << shift;
    wanted = s.left;
    if (s.there <= wanted || shift == 0) return prefix | ((1ULL << shift) - 1);
  }
}

// Block b takes chunk b % chunks of row b / chunks. Where a row is one chunk its best columns go
// sorted to index [rows,k]; otherwise the best keys go to best [rows,chunks,k], in any order.
template <class Key>
__device__ __forceinline__ void select(Key key, long long n, int chunks, int k, u64 *best,
                                       int *index) {
  __shared__ Search search;
  __shared__ u64 tile[TILE];
  const long long start = (long long)(blockIdx.x % chunks) * CHUNK;
  const long long row = blockIdx.x / chunks;
  const int count = (int)(n - start < CHUNK ? n - start : CHUNK);
  u64 keys[CHUNK / THREADS];
#pragma unroll
  for (int j = 0; j < CHUNK / THREADS; j++) {
    const int i = threadIdx.x + j * THREADS;
    keys[j] = i < count ? key(row * n, start + i) : NONE;
  }
  if (threadIdx.x == 0) search.found = 0;
  const u64 last = count > k ? last_wanted(search, keys, k) : NONE;
  int size = 1;
  while (size < k) size *= 2;
  for (int i = threadIdx.x; i < size; i += THREADS) tile[i] = NONE;
  __syncthreads();
#pragma unroll
  for (int j = 0; j < CHUNK / THREADS; j++) {
    if (keys[j] <= last && keys[j] != NONE) tile[atomicAdd(&search.found, 1u)] = keys[j];
  }
  __syncthreads();
  if (chunks == 1) {
    sort_tile(tile, size, 0, 2, size);
    for (int i = threadIdx.x; i < k; i += THREADS) index[row * k + i] = (int)tile[i];
  } else {
    best += (long long)blockIdx.x * k;
    for (int i = threadIdx.x; i < k; i += THREADS) best[i] = tile[i];
  }
}

// The k best of each chunk of 4096 numbers of a row of x [rows,n], k <= 2048.
extern "C" __global__ void select_values(const float *x, long long n, int chunks, int k,
                                         int largest, u64 *best, int *index) {
  select([=](long long row, long long i) { return key_of(x[row + i], (unsigned)i, largest); }, n,
         chunks, k, best, index);
}

// The k best of each chunk of 4096 keys of a row of keys [rows,n], among which may be NONE.
extern "C" __global__ void select_keys(const u64 *keys, long long n, int chunks, int k, u64 *best,
                                       int *index) {
  select([=](long long row, long long i) { return keys[row + i]; }, n, chunks, k, best, index);
}

// ---- more ----

// keys [rows,padded] from x [rows,cols], each tile of 2048 sorted, rising and falling in turn. padded
// is a power of two and at least a tile, and what is beyond the row comes last.
extern "C" __global__ void sort_values(const float *x, u64 *keys, long long cols, long long padded,
                                       int largest) {
  __shared__ u64 tile[TILE];
  const long long first = (long long)blockIdx.x * TILE;
  const long long row = first / padded;
  const long long base = first - row * padded;
#pragma unroll
  for (int j = 0; j < TILE / THREADS; j++) {
    const int i = threadIdx.x + j * THREADS;
    const long long column = base + i;
    tile[i] = column < cols ? key_of(x[row * cols + column], (unsigned)column, largest) : NONE;
  }
  __syncthreads();
  sort_tile(tile, TILE, base, 2, TILE);
#pragma unroll
  for (int j = 0; j < TILE / THREADS; j++) {
    const int i = threadIdx.x + j * THREADS;
    keys[first + i] = tile[i];
  }
}

// One step of the sort of all keys of a row, between tiles: keys `apart` apart, a power of two of at
// least a tile, are put in order. A thread a pair: neighbouring threads have neighbouring keys.
extern "C" __global__ void sort_step(u64 *keys, long long pairs, long long padded, long long stage,
                                     long long apart) {
  EACH(pair, pairs) {
    const long long i = 2 * pair - (pair & (apart - 1));
    const bool rising = (i & (padded - 1) & stage) == 0;
    const u64 a = keys[i];
    const u64 b = keys[i + apart];
    keys[i] = rising == (a < b) ? a : b;
    keys[i + apart] = rising == (a < b) ? b : a;
  }
}

// The last steps of a stage of the sort of all keys of a row, those within a tile.
extern "C" __global__ void sort_tiles(u64 *keys, long long padded, long long stage) {
  __shared__ u64 tile[TILE];
  const long long first = (long long)blockIdx.x * TILE;
#pragma unroll
  for (int j = 0; j < TILE / THREADS; j++) {
    const int i = threadIdx.x + j * THREADS;
    tile[i] = keys[first + i];
  }
  __syncthreads();
  sort_tile(tile, TILE, first & (padded - 1), stage, stage);
#pragma unroll
  for (int j = 0; j < TILE / THREADS; j++) {
    const int i = threadIdx.x + j * THREADS;
    keys[first + i] = tile[i];
  }
}

// index [rows,k] = the columns of the first k keys of each row.
extern "C" __global__ void sort_columns(const u64 *keys, int *index, long long rows, int k,
                                        long long padded) {
  EACH(i, rows * k) {
    const long long row = i / k;
    index[i] = (int)keys[row * padded + (i - row * k)];
  }
}

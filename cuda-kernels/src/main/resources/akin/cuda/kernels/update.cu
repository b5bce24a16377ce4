// One step of an optimiser over all parameters that move by one rule, in one launch: every number is
// read once and written once. akin.tensor.backend.Update has the formulas. What depends on the step
// alone, such as 1 - beta2^t, comes from the host, where it is computed in float64: in float32
// 1 - 0.999 is off by 5e-5. Products and sums that round once are written as fmaf, so the bits do not
// hang on what a compiler fuses.
//
// A network has hundreds of parameters, most of them small: a launch for each would take longer than
// the work. So a table tells where each parameter p, its gradient g and its states m and v lie, and a
// block finds its part by halving. A block of 256 threads moves 2048 elements, so that the search is
// small beside them; neighbouring threads take neighbouring elements, so a warp asks for whole lines
// of memory. Adam moves 28 bytes an element (reads p, g, m, v, writes p, m, v), SGD 20 with momentum
// and 12 without: the least, but for the table.

struct Slot {
  float *p;
  const float *g;
  float *m, *v;
  long long n;      // elements
  long long block;  // the first block that works on it
};

// The slot of this block: the last that begins no later.
__device__ __forceinline__ Slot find(const Slot *slots, int count) {
  int low = 0, high = count - 1;
  while (low < high) {
    const int middle = (low + high + 1) / 2;
    if (slots[middle].block <= blockIdx.x) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return slots[low];
}

#define EACH(i, s)                                                                      \
  for (long long i = (blockIdx.x - (s).block) * 2048 + threadIdx.x, part = i / 2048,    \
                 end = min((s).n, (part + 1) * 2048);                                   \
       i < end; i += 256)

// p <- p - rate (g + decay p).
extern "C" __global__ void update_sgd(const Slot *slots, int count, float rate, float decay) {
  const Slot s = find(slots, count);
  EACH(i, s) {
    const float old = s.p[i];
    s.p[i] = fmaf(-rate, fmaf(decay, old, s.g[i]), old);
  }
}

// g <- g + decay p; m <- momentum m + fresh g, or g at the first step, when m may hold anything;
// p <- p - rate (nesterov ? g + momentum m : m).
extern "C" __global__ void update_momentum(const Slot *slots, int count, float rate,
                                           float decay, float momentum, float fresh,
                                           int nesterov, int first) {
  const Slot s = find(slots, count);
  EACH(i, s) {
    const float old = s.p[i];
    const float slope = fmaf(decay, old, s.g[i]);
    const float mean = first ? slope : fmaf(momentum, s.m[i], fresh * slope);
    s.m[i] = mean;
    s.p[i] = fmaf(-rate, nesterov ? fmaf(momentum, mean, slope) : mean, old);
  }
}

// p <- keep p; g <- g + decay p; m <- beta1 m + fresh1 g; v <- beta2 v + fresh2 g^2;
// p <- p - rate m/(root sqrt(v) + eps). In Adam keep = 1, in AdamW decay = 0; fresh = 1 - beta,
// rate = lr/(1 - beta1^t) and root = 1/sqrt(1 - beta2^t).
extern "C" __global__ void update_adam(const Slot *slots, int count, float keep,
                                       float decay, float beta1, float fresh1,
                                       float beta2, float fresh2, float rate, float root,
                                       float eps) {
  const Slot s = find(slots, count);
  EACH(i, s) {
    const float old = s.p[i];
    const float slope = fmaf(decay, old, s.g[i]);
    const float mean = fmaf(beta1, s.m[i], fresh1 * slope);
    const float square = fmaf(beta2, s.v[i], fresh2 * (slope * slope));
    s.m[i] = mean;
    s.v[i] = square;
    s.p[i] = fmaf(keep, old, -(rate * mean / fmaf(sqrtf(square), root, eps)));
  }
}

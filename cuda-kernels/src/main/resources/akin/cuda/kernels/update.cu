// One step of an optimiser over one parameter p with gradient g, fused: every number is read once and
// written once. akin.tensor.backend.Update has the formulas. What depends on the step alone, such as
// 1 - beta2^t, comes from the host, where it is computed in float64: in float32 1 - 0.999 is off by
// 5e-5. Products and sums that round once are written as fmaf, so the bits do not hang on what a
// compiler fuses.
//
// Neighbouring threads take neighbouring elements, so a warp asks for whole lines of memory. Adam
// moves 28 bytes an element (reads p, g, m, v, writes p, m, v), SGD 20 with momentum and 12 without:
// the least.

#define EACH(i, n)                                                              \
  for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < (n); \
       i += (long long)gridDim.x * blockDim.x)

// p <- p - rate (g + decay p).
extern "C" __global__ void update_sgd(float *p, const float *g, long long n, float rate,
                                      float decay) {
  EACH(i, n) {
    const float old = p[i];
    p[i] = fmaf(-rate, fmaf(decay, old, g[i]), old);
  }
}

// g <- g + decay p; m <- momentum m + fresh g, or g at the first step, when m may hold anything;
// p <- p - rate (nesterov ? g + momentum m : m).
extern "C" __global__ void update_momentum(float *p, const float *g, float *m, long long n,
                                           float rate, float decay, float momentum, float fresh,
                                           int nesterov, int first) {
  EACH(i, n) {
    const float old = p[i];
    const float slope = fmaf(decay, old, g[i]);
    const float mean = first ? slope : fmaf(momentum, m[i], fresh * slope);
    m[i] = mean;
    p[i] = fmaf(-rate, nesterov ? fmaf(momentum, mean, slope) : mean, old);
  }
}

// p <- keep p (AdamW; keep = 1 in Adam); g <- g + decay p (Adam; decay = 0 in AdamW);
// m <- beta1 m + fresh1 g; v <- beta2 v + fresh2 g^2; p <- p - rate m/(root sqrt(v) + eps),
// with fresh = 1 - beta, rate = lr/(1 - beta1^t) and root = 1/sqrt(1 - beta2^t).
extern "C" __global__ void update_adam(float *p, const float *g, float *m, float *v, long long n,
                                       float keep, float decay, float beta1, float fresh1,
                                       float beta2, float fresh2, float rate, float root,
                                       float eps) {
  EACH(i, n) {
    const float old = p[i];
    const float slope = fmaf(decay, old, g[i]);
    const float mean = fmaf(beta1, m[i], fresh1 * slope);
    const float square = fmaf(beta2, v[i], fresh2 * (slope * slope));
    m[i] = mean;
    v[i] = square;
    p[i] = fmaf(keep, old, -(rate * mean / fmaf(sqrtf(square), root, eps)));
  }
}

package akin.tensor.cpu;

/** The hinge over all triplets of each anchor: near [n,p], far [n,m], y [2,n]. */
final class Triplets {
  private static final Hinges HINGES = Simd.HINGES;

  private final Workers workers;
  private final Scratch scratch;

  Triplets(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  void forward(float margin, float[] near, float[] far, float[] y, int n, int p, int m) {
    anchors(
        n,
        p,
        m,
        (i, worker) -> {
          float[] sums = scratch.take(worker, Scratch.Use.PARTIAL, m);
          float[] counts = scratch.take(worker, Scratch.Use.WEIGHTS, m);
          HINGES.ofFar(margin, near, i * p, p, far, i * m, m, sums, counts);
          double sum = 0;
          double count = 0;
          for (int k = 0; k < m; k++) {
            sum += sums[k];
            count += counts[k];
          }
          y[i] = (float) sum;
          y[n + i] = (float) count;
        });
  }

  void gradient(
      float margin,
      float[] near,
      float[] far,
      float[] dy,
      float[] dNear,
      float[] dFar,
      int n,
      int p,
      int m) {
    anchors(
        n,
        p,
        m,
        (i, worker) -> {
          float[] sums = scratch.take(worker, Scratch.Use.PARTIAL, m);
          float[] counts = scratch.take(worker, Scratch.Use.WEIGHTS, Math.max(p, m));
          HINGES.ofFar(margin, near, i * p, p, far, i * m, m, sums, counts);
          times(-dy[i], counts, dFar, i * m, m);
          HINGES.ofNear(margin, near, i * p, p, far, i * m, m, counts);
          times(dy[i], counts, dNear, i * p, p);
        });
  }

  private static void times(float factor, float[] counts, float[] to, int at, int length) {
    for (int k = 0; k < length; k++) {
      to[at + k] = factor * counts[k];
    }
  }

  /** What is done for an anchor. */
  private interface Work {
    void of(int anchor, int worker);
  }

  private void anchors(int n, int p, int m, Work work) {
    int grain = (int) Math.max(1, Elements.GRAIN / Math.max(1, (long) p * m));
    workers.run(
        Math.floorDiv(n - 1, grain) + 1,
        (chunk, worker) -> {
          for (int i = chunk * grain; i < Math.min(n, (chunk + 1) * grain); i++) {
            work.of(i, worker);
          }
        });
  }
}

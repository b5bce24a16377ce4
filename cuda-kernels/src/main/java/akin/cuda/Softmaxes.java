package akin.cuda;

/** Softmax and its gradient, by cuDNN. */
final class Softmaxes {
  private final Launcher launcher;
  private final Chunks chunks;

  Softmaxes(Launcher launcher, Chunks chunks) {
    this.launcher = launcher;
    this.chunks = chunks;
  }

  void softmax(boolean log, CudaBuffer x, CudaBuffer y, long outer, long axis, long inner) {
    each(
        outer,
        axis,
        inner,
        (at, count) ->
            launcher
                .dnn()
                .softmax(log, x.address + at, y.address + at, count, (int) axis, (int) inner));
  }

  void softmaxGrad(
      boolean log, CudaBuffer y, CudaBuffer dy, CudaBuffer dx, long outer, long axis, long inner) {
    each(
        outer,
        axis,
        inner,
        (at, count) ->
            launcher
                .dnn()
                .softmaxGrad(
                    log,
                    y.address + at,
                    dy.address + at,
                    dx.address + at,
                    count,
                    (int) axis,
                    (int) inner));
  }

  /** Visits chunks by their byte in the buffers. */
  private void each(long outer, long axis, long inner, Chunks.Visit visit) {
    long slice = axis * inner;
    if (slice > 0) {
      chunks.each(outer, slice, (first, count) -> visit.at(Float.BYTES * first * slice, count));
    }
  }
}

package akin.cuda;

import akin.tensor.backend.Distance;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Vectors;

/** Exact search in a gallery that stays on the device. */
final class CudaSearcher implements Searcher {
  CudaSearcher(Launcher launcher, Vectors gallery, Distance f) {
    throw new UnsupportedOperationException(
        f + " over " + gallery.count() + " rows on " + launcher.device.info().name());
  }

  @Override
  public void topK(
      float[] queries, int count, int k, Filter filter, int[] rows, float[] distances) {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void distances(float[] queries, int count, float[] distances) {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("being written");
  }
}

package akin.retrieval.data;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** A data set whose shaped pictures lie in memory. */
final class CachedDataset extends DatasetView {
  private final Preprocessing preprocessing;
  private final Image[] shaped;

  CachedDataset(Dataset source, Preprocessing preprocessing, int threads, IntConsumer progress) {
    super(source);
    this.preprocessing = preprocessing;
    this.shaped = new Image[source.size()];
    AtomicInteger done = new AtomicInteger();
    Parallel.forEach(
        shaped.length,
        threads,
        i -> {
          shaped[i] = source.shaped(i, preprocessing);
          progress.accept(done.incrementAndGet());
        });
  }

  @Override
  public Image shaped(int i, Preprocessing wanted) {
    return wanted.sameShape(preprocessing) ? shaped[i] : source.shaped(i, wanted);
  }

  @Override
  public void load(int i, Preprocessing wanted, float[] out, int offset) {
    if (wanted.sameShape(preprocessing)) {
      wanted.normalize(shaped[i], out, offset);
    } else {
      source.load(i, wanted, out, offset);
    }
  }
}

package akin.bench;

import akin.retrieval.Index;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.data.Attributes;
import akin.retrieval.search.Gallery;
import akin.retrieval.search.Run;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Gives a trained run a gallery of made rows: random unit vectors, random attributes. What is found
 * there means nothing; how long it takes does not depend on that.
 *
 * <pre>java -cp … LargeGallery.java RUN ROWS</pre>
 */
final class LargeGallery {
  private static final double SHARE_OF_ONES = 0.2;

  private LargeGallery() {}

  /** Replaces the gallery of the run in folder {@code args[0]} by one of {@code args[1]} rows. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    int rows = Integer.parseInt(args[1]);
    try (Backend backend = Backends.open("cpu", 1);
        Run run =
            Run.open(folder, Run.Places.unchanged(), new Session(backend, 1, Progress.NONE))) {
      List<String> names = run.model().vectors().table().names();
      List<String> ids =
          IntStream.rangeClosed(1, rows).mapToObj(i -> String.format("%06d.jpg", i)).toList();
      List<String> labels = new ArrayList<>();
      byte[] bits = new byte[rows * names.size()];
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < bits.length; i++) {
        bits[i] = (byte) (random.nextDouble() < SHARE_OF_ONES ? 1 : 0);
      }
      for (int i = 0; i < rows; i++) {
        labels.add(String.valueOf(random.nextInt(Math.max(1, rows / 10))));
      }
      float[] vectors = vectors(rows, run.config().model().embedding(), random);
      Index index =
          new Index(
              ids,
              Vectors.of(vectors, rows, vectors.length / rows),
              Distance.EUCLIDEAN,
              run.source());
      new Gallery(index, labels, new Attributes(names, bits)).save(run.directory().index());
    }
    System.out.println(rows + " rows");
  }

  private static float[] vectors(int rows, int dimension, SplittableRandom random) {
    float[] vectors = new float[rows * dimension];
    for (int row = 0; row < rows; row++) {
      double squares = 0;
      for (int d = row * dimension; d < (row + 1) * dimension; d++) {
        vectors[d] = (float) random.nextGaussian();
        squares += vectors[d] * vectors[d];
      }
      for (int d = row * dimension; d < (row + 1) * dimension; d++) {
        vectors[d] /= (float) Math.sqrt(squares);
      }
    }
    return vectors;
  }
}

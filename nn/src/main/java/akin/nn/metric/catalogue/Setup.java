package akin.nn.metric.catalogue;

import akin.tensor.UserError;
import java.util.stream.IntStream;

/**
 * What parts must know of the data before they are made.
 *
 * @param width D, the length of embeddings
 * @param counts training samples of each class; none where classes are not known
 */
public record Setup(int width, int... counts) {
  /** Checks that there is something to embed into. */
  public Setup {
    if (width < 1) {
      throw UserError.of("embeddings of length " + width + " hold nothing")
          .rule("embeddings have at least one coordinate")
          .mend("give their length; 64 to 512 is usual");
    }
  }

  /** Classes that are all of the same size. */
  public static Setup of(int width, int classes) {
    return new Setup(width, IntStream.range(0, classes).map(c -> 1).toArray());
  }

  /** C; refused where classes are not known. */
  int classes() {
    if (counts.length == 0) {
      throw UserError.of("the loss keeps vectors for each class, and classes are not known")
          .rule("samples are labelled with classes from 0 to C − 1")
          .mend("choose a loss of pairs or triplets, or label the samples");
    }
    return counts.length;
  }
}

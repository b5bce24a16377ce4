package akin.retrieval.data;

import akin.nn.Standardize;
import akin.tensor.UserError;

/**
 * What a frozen backbone made of pictures, computed once: a row of numbers each.
 *
 * @param source what made them
 * @param width F, numbers in a row
 * @param rows [N, F], row-major
 */
public record Features(Source source, int width, float[] rows) {
  private static final double DEVIATION_EPS = 1e-3;

  /**
   * What made features: those of different sources cannot be mixed.
   *
   * @param backbone the network's name
   * @param weights a hash of its weights
   * @param preprocessing what was done to the pictures first
   * @param file where the weights lay; empty if not known. It may be moved, so it is not compared
   */
  public record Source(String backbone, String weights, String preprocessing, String file) {
    /**
     * Refuses features of another source.
     *
     * @param place where the other ones were met, for the message
     * @throws UserError that names the difference
     */
    public void require(Source other, String place) {
      check("backbone", backbone, other.backbone, place);
      check("weights", weights, other.weights, place);
      check("preprocessing", preprocessing, other.preprocessing, place);
    }

    private static void check(String what, String wanted, String found, String place) {
      if (!wanted.equals(found)) {
        throw UserError.of("the features were made with another " + what)
            .at(place)
            .rule("the run's: " + wanted + "; these: " + found)
            .mend("extract the features again with the run's backbone, or start a new run");
      }
    }
  }

  /** Gives a layer the mean of each column and its deviation, to which 1e-3 is added. */
  public void standardize(Standardize layer) {
    int count = rows.length / width;
    double[] means = new double[width];
    double[] deviations = new double[width];
    for (int i = 0; i < rows.length; i++) {
      means[i % width] += rows[i];
    }
    for (int k = 0; k < width; k++) {
      means[k] /= count;
    }
    for (int i = 0; i < rows.length; i++) {
      double apart = rows[i] - means[i % width];
      deviations[i % width] += apart * apart;
    }
    for (int k = 0; k < width; k++) {
      deviations[k] = Math.sqrt(deviations[k] / count);
    }
    layer.set(means, deviations, DEVIATION_EPS);
  }

  /** The given rows, in that order. */
  Features select(int[] pictures) {
    float[] selected = new float[Math.multiplyExact(pictures.length, width)];
    for (int i = 0; i < pictures.length; i++) {
      System.arraycopy(rows, pictures[i] * width, selected, i * width, width);
    }
    return new Features(source, width, selected);
  }
}

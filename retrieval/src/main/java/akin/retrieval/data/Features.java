package akin.retrieval.data;

import akin.nn.Standardize;
import akin.tensor.UserError;
import akin.tensor.backend.Vectors;

/**
 * What a frozen backbone made of pictures, computed once: a row of numbers each.
 *
 * @param source what made them
 * @param rows [N, F]; on disk, where they were read from a file
 */
public record Features(Source source, Vectors rows) {
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
    int count = rows.count();
    int width = rows.width();
    double[] means = new double[width];
    double[] deviations = new double[width];
    float[] row = new float[width];
    for (int i = 0; i < count; i++) {
      rows.read(i, 1, row, 0);
      for (int k = 0; k < width; k++) {
        means[k] += row[k];
      }
    }
    for (int k = 0; k < width; k++) {
      means[k] /= count;
    }
    for (int i = 0; i < count; i++) {
      rows.read(i, 1, row, 0);
      for (int k = 0; k < width; k++) {
        double apart = row[k] - means[k];
        deviations[k] += apart * apart;
      }
    }
    for (int k = 0; k < width; k++) {
      deviations[k] = Math.sqrt(deviations[k] / count);
    }
    layer.set(means, deviations, DEVIATION_EPS);
  }

  /** F, numbers in a row. */
  public int width() {
    return rows.width();
  }

  /** The given rows, in that order. */
  Features select(int[] pictures) {
    return new Features(source, new SelectedRows(rows, pictures));
  }
}

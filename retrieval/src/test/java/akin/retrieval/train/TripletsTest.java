package akin.retrieval.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The average position in a batch, by hand. */
class TripletsTest {
  private static float[] distances(double... points) {
    int n = points.length;
    float[] all = new float[n * n];
    for (int i = 0; i < n * n; i++) {
      all[i] = (float) Math.abs(points[i / n] - points[i % n]);
    }
    return all;
  }

  private static double position(float[] distances, int... labels) {
    Triplets triplets = Triplets.ofLabels(distances, labels, labels.length, 0.1);
    triplets.loss(0, 1);
    return triplets.epoch().position();
  }

  @Test
  void positionsCountFromTheAnchorItselfAtNought() {
    // 0 and 1 are neighbours, 5 lies apart with 4 before it: of class 7, from 0: positions 0, 1, 3
    float[] line = distances(0, 1, 4, 5);
    double ofZero = (0 + 1 + 3) / 3.0;
    double ofOne = (0 + 1 + 3) / 3.0;
    double ofFive = (0 + 2 + 3) / 3.0;
    assertEquals((ofZero + ofOne + ofFive) / 3, position(line, 7, 7, 8, 7), 1e-12);
  }

  @Test
  void equalDistancesStandByPlaceAndTheAnchorIsNotRankedAgainstThem() {
    float[] same = distances(2, 2, 2);
    double ofFirst = (0 + 2) / 2.0; // 1 stands before 2
    double ofLast = (0 + 1) / 2.0; // 0 stands before 1
    assertEquals((ofFirst + ofLast) / 2, position(same, 1, 3, 1), 1e-12);
    assertEquals(0.5, position(distances(2, 2), 1, 1), 1e-12);
  }

  @Test
  void withoutPositivesNothingIsRanked() {
    assertTrue(Double.isNaN(position(distances(0, 1, 2), 1, 2, 3)));
  }
}

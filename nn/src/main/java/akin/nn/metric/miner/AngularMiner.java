package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Triplets;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.UserError;

/**
 * The triplets whose negative sees anchor and positive under a wide angle: with c = (a + p)/2,
 *
 * <p>arctan(‖a − p‖ / (2‖n − c‖)) &gt; α.
 *
 * <p>As the median of a triangle, 4‖n − c‖² = 2‖a − n‖² + 2‖p − n‖² − ‖a − p‖², so the three
 * distances decide. A negative at c is chosen, unless a = p. No triplet if all angles are narrower.
 * Of tuples that are chosen already, it keeps those.
 *
 * <p>Source: Wang et al., "Deep metric learning with angular loss", ICCV 2017.
 *
 * @param degrees α, above 0 and below 90; 20 is usual
 * @param normalize whether vectors are normalised first; the usual miner takes them as they are
 */
public record AngularMiner(double degrees, boolean normalize) implements Miner {
  /** Checks the angle. */
  public AngularMiner {
    if (!(degrees > 0 && degrees < 90)) {
      throw UserError.of("no triplet can be told by an angle of " + degrees + "°")
          .rule("angles are above 0° and below 90°")
          .mend("give such an angle; 20 is usual");
    }
  }

  /** α = 20°, vectors as they are. */
  public static AngularMiner usual() {
    return new AngularMiner(20, false);
  }

  @Override
  public Triplets mine(Batch batch) {
    Distance squared = new LpDistance(2, 2, normalize);
    Farness d = Farness.of(squared, batch);
    Farness others = batch.within() ? d : Farness.of(squared, batch.items(), batch.items());
    double tangent = Math.tan(Math.toRadians(degrees));
    Triplets all = batch.triplets();
    return all.only(
        t -> {
          int a = all.anchors()[t];
          int p = all.positives()[t];
          int n = all.negatives()[t];
          double median = 2 * d.of(a, n) + 2 * others.of(p, n) - d.of(a, p);
          return d.of(a, p) > tangent * tangent * median;
        });
  }
}

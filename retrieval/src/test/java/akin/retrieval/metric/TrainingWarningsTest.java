package akin.retrieval.metric;

import static akin.retrieval.metric.TrainingWarnings.Kind.COLLAPSE;
import static akin.retrieval.metric.TrainingWarnings.Kind.MARGIN_TOO_LARGE;
import static akin.retrieval.metric.TrainingWarnings.Kind.TRIPLETS_TOO_EASY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.metric.TrainingWarnings.Epoch;
import akin.retrieval.metric.TrainingWarnings.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each warning just inside and just outside its threshold. */
class TrainingWarningsTest {
  private static final double MARGIN = 0.1;

  @Test
  void aHealthyTrainingWarnsOfNothing() {
    assertEquals(
        List.of(), kinds(epoch(0.09, 0.1), epoch(0.05, 0.5), epoch(0.03, 0.7), epoch(0.01, 0.9)));
    assertEquals(List.of(), TrainingWarnings.of(List.of(), MARGIN));
  }

  @Test
  void lossAtTheMarginWithVanishingDistancesIsACollapse() {
    Epoch collapsed = epoch(0.1009, 0, 0.0099);
    assertEquals(List.of(COLLAPSE), kinds(collapsed));
    assertEquals(List.of(), kinds(epoch(0.1011, 0, 0.0099)), "the loss is not the margin");
    assertEquals(List.of(), kinds(epoch(0.1, 0, 0.0101)), "the distances do not vanish");
    String text = TrainingWarnings.of(List.of(collapsed), MARGIN).get(0).text();
    assertTrue(text.contains("collapsed into one point"), text);
  }

  @Test
  void aCollapseIsToldAlone() {
    assertEquals(
        List.of(COLLAPSE),
        kinds(epoch(0.5, 0.1), epoch(0.4, 0.1), epoch(0.3, 0.1), epoch(0.1, 0.1, 1e-5)));
  }

  @Test
  void nearlyAllEasyIsTooEasy() {
    assertEquals(List.of(TRIPLETS_TOO_EASY), kinds(epoch(0.001, 0.98)));
    assertEquals(List.of(), kinds(epoch(0.001, 0.979)));
    // The loss falls and the share cannot rise further: that is no sign of a large margin.
    assertEquals(
        List.of(TRIPLETS_TOO_EASY),
        kinds(epoch(4e-4, 0.99), epoch(3e-4, 0.99), epoch(2e-4, 0.99), epoch(1e-4, 0.99)));
  }

  @Test
  void aFallingLossWithoutMoreEasyTripletsIsAMarginTooLarge() {
    assertEquals(
        List.of(MARGIN_TOO_LARGE),
        kinds(epoch(1.0, 0.2), epoch(0.98, 0.2), epoch(0.96, 0.2), epoch(0.95, 0.209)));
    assertEquals(
        List.of(),
        kinds(epoch(1.0, 0.2), epoch(0.98, 0.2), epoch(0.96, 0.2), epoch(0.95, 0.211)),
        "easy triplets rise");
    assertEquals(
        List.of(),
        kinds(epoch(1.0, 0.2), epoch(0.98, 0.2), epoch(0.96, 0.2), epoch(0.951, 0.2)),
        "the loss hardly falls");
    assertEquals(
        List.of(), kinds(epoch(1.0, 0.2), epoch(0.9, 0.2), epoch(0.8, 0.2)), "too early to tell");
    assertEquals(
        List.of(MARGIN_TOO_LARGE),
        kinds(epoch(9, 0), epoch(1.0, 0.2), epoch(0.98, 0.2), epoch(0.96, 0.2), epoch(0.95, 0.2)),
        "only the last epochs count");
  }

  private static List<Kind> kinds(Epoch... history) {
    return TrainingWarnings.of(List.of(history), MARGIN).stream()
        .map(TrainingWarnings.Warning::kind)
        .toList();
  }

  private static Epoch epoch(double loss, double easyShare) {
    return epoch(loss, easyShare, 0.8);
  }

  private static Epoch epoch(double loss, double easyShare, double meanDistance) {
    long easy = Math.round(easyShare * 1000);
    return new Epoch(loss, new TripletShares(easy, 1000 - easy, 0), meanDistance, Double.NaN);
  }
}

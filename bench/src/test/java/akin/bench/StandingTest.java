package akin.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.bench.Standing.Summary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StandingTest {
  private static final Row WORK = Rows.named("sgemm 512x512x512");

  private static Figure figure(String by, int round, Double... seconds) {
    return new Figure(WORK.name(), by, "1", 1, round, List.of(seconds), round << 20, null);
  }

  @Test
  void quantilesAreInterpolated() {
    double[] sorted = {1, 2, 4, 8};
    assertEquals(1, Standing.quantile(sorted, 0));
    assertEquals(1.75, Standing.quantile(sorted, 0.25));
    assertEquals(3, Standing.quantile(sorted, 0.5));
    assertEquals(5, Standing.quantile(sorted, 0.75));
    assertEquals(8, Standing.quantile(sorted, 1));
    assertEquals(7, Standing.quantile(new double[] {7}, 0.25));
  }

  @Test
  void aSummaryIsOverAllSamplesOfAllRounds() {
    Standing standing =
        new Standing(
            WORK, 1, List.of(figure("akin", 0, 1.0, 2.0), figure("akin", 1, 4.0, 8.0, 16.0)));
    Summary akin = standing.akin().orElseThrow();
    assertEquals(WORK.units() / 4, akin.median(), 1e-9);
    assertEquals(WORK.units() / 8, akin.low(), 1e-9);
    assertEquals(WORK.units() / 2, akin.high(), 1e-9);
    assertEquals(1 << 20, akin.peakBytes());
    assertTrue(standing.best().isEmpty() && standing.ratio().isEmpty());
  }

  /** Each round's own ratio counts, not the ratio of medians over all rounds. */
  @Test
  void theRatioIsTheMedianOfTheRoundsRatiosToTheBestPeer() {
    Standing standing =
        new Standing(
            WORK,
            1,
            List.of(
                figure("akin", 0, 1.0),
                figure("torch", 0, 2.0),
                figure("numpy", 0, 9.0),
                figure("akin", 1, 10.0),
                figure("torch", 1, 30.0),
                figure("numpy", 1, 9.0),
                figure("akin", 2, 1.0),
                figure("torch", 2, 1.0)));
    assertEquals("torch", standing.best().orElseThrow().by());
    assertEquals(2, standing.ratio().orElseThrow(), 1e-12); // of 2, 3 and 1
  }

  @Test
  void ofTimesTheLeastIsTheBest() {
    Row timed = Rows.named("start akin query 100k");
    assertTrue(timed.timed());
    List<Figure> figures =
        List.of(
            new Figure(timed.name(), "slow", null, 1, 0, List.of(2.0), 0, null),
            new Figure(timed.name(), "quick", null, 1, 0, List.of(1.0), 0, null));
    Summary best = new Standing(timed, 1, figures).best().orElseThrow();
    assertEquals("quick", best.by());
    assertEquals(1, best.median());
  }

  @Test
  void whoFailedHasAReasonAndNoFigure() {
    Standing standing =
        new Standing(
            WORK, 1, List.of(figure("akin", 0, 1.0), Figure.failed(WORK.name(), "ort", 1, "why")));
    assertEquals(Map.of("ort", "why"), standing.errors());
    assertTrue(standing.best().isEmpty());
  }
}

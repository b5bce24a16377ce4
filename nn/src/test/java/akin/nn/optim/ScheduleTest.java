package akin.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final double ROUNDING = 1e-14;

  private static void follows(Schedule schedule, double base, double... rates) {
    for (int t = 0; t < rates.length; t++) {
      assertEquals(rates[t], schedule.rate(base, t), ROUNDING, "after " + t);
    }
  }

  /** Recorded from PyTorch's OneCycleLR(max_lr=2, total_steps=10). */
  @Test
  void oneCycleIsPyTorchs() {
    follows(
        Schedule.oneCycle(10, 0.3, 25, 1e4),
        2,
        0.08000000000000007,
        1.04,
        2.0,
        1.9009692640269473,
        1.6234913078995261,
        1.2225240438725786,
        0.7774839561274215,
        0.37651669210047395,
        0.09903873597305257,
        8e-06,
        8e-06);
  }

  @Test
  void polynomialsFallToTheLowestRateAndStay() {
    follows(Schedule.polynomial(4, 1, 0.2), 1, 1, 0.8, 0.6, 0.4, 0.2, 0.2);
    follows(Schedule.polynomial(2, 2, 0), 4, 4, 1, 0, 0);
  }

  @Test
  void heldForAnEpochItMovesAtTheEndOfEach() {
    follows(Schedule.exponential(0.5).heldFor(3), 8, 8, 8, 8, 4, 4, 4, 2);
    double half = 0.1 + 0.9 / 2;
    follows(Schedule.cosine(2, 0.1).heldFor(2), 1, 1, 1, half, half, 0.1, 0.1);
  }

  @Test
  void warmUpMultipliesTheScheduledRate() {
    follows(Schedule.polynomial(4, 1, 0).warmedLinearly(2), 1, 0.5, 0.75, 0.5, 0.25, 0);
    double e = Math.E;
    follows(Schedule.constant().warmedExponentially(1), 1, 1 - 1 / e, 1 - 1 / (e * e));
  }
}

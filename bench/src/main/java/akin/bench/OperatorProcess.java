package akin.bench;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.Locale;
import java.util.Map;

/**
 * Tells where the time of one row's work goes. Arguments: ROW BY THREADS WARM MEASURE PEAK, the
 * last in operations a second.
 */
final class OperatorProcess {
  private static final int LINES = 25;

  private OperatorProcess() {}

  public static void main(String[] args) throws Exception {
    int threads = Integer.parseInt(args[2]);
    Sampler sampler = Sampler.of(args);
    double peak = Double.parseDouble(args[6]);
    try (Backend backend = Backends.open("cpu", threads)) {
      OperatorClock clock = new OperatorClock(backend);
      try (Task task = Rows.named(args[0]).akin().prepare(clock.watched(), threads)) {
        sampler.time(task);
        clock.spent().clear();
        int calls = 0;
        long start = System.nanoTime();
        long nanos;
        do {
          task.run();
          calls++;
          nanos = System.nanoTime() - start;
        } while (nanos < sampler.measure() * 1e9);
        print(args[0], threads, clock.spent(), nanos / 1e6 / calls, calls, peak);
      }
    }
  }

  private static void print(
      String row,
      int threads,
      Map<String, OperatorClock.Spent> spent,
      double millis,
      int calls,
      double peak) {
    System.out.printf(
        Locale.ROOT,
        "%s, threads: %d: %.2f ms a call; peak of multiply-adds %.0f GFLOP/s%n",
        row,
        threads,
        millis,
        peak / 1e9);
    System.out.printf(
        "%9s %6s %6s %8s %8s  %s%n", "ms", "share", "times", "GFLOP/s", "of peak", "operator");
    double[] rest = {millis, 0};
    spent.entrySet().stream()
        .sorted((a, b) -> Long.compare(b.getValue().nanos, a.getValue().nanos))
        .forEach(
            entry -> {
              OperatorClock.Spent s = entry.getValue();
              double own = s.nanos / 1e6 / calls;
              rest[0] -= own;
              if (rest[1]++ >= LINES) {
                rest[0] += own;
                return;
              }
              double rate = s.flops * s.calls / s.nanos;
              System.out.printf(
                  Locale.ROOT,
                  "%9.3f %4.0f %% %6d %8s %8s  %s%n",
                  own,
                  100 * own / millis,
                  s.calls / calls,
                  s.flops == 0 ? "–" : String.format(Locale.ROOT, "%.0f", rate),
                  s.flops == 0 ? "–" : String.format(Locale.ROOT, "%.0f %%", 100e9 * rate / peak),
                  entry.getKey());
            });
    System.out.printf(Locale.ROOT, "%9.3f %4.0f %%  all else%n%n", rest[0], 100 * rest[0] / millis);
  }
}

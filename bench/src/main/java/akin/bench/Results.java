package akin.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * All that a run of the bench measured.
 *
 * @param date of the run
 * @param machine it ran on
 * @param about how it was run
 * @param figures of all processes, limits included
 */
record Results(String date, String machine, String about, List<Figure> figures) {

  /** Row by row, each number of threads. */
  List<Standing> standings() {
    List<Standing> standings = new ArrayList<>();
    Set<Integer> threads = new LinkedHashSet<>();
    figures.forEach(figure -> threads.add(figure.threads()));
    for (Row row : Rows.ALL) {
      for (int count : threads) {
        List<Figure> own = of(row, count);
        if (!own.isEmpty()) {
          standings.add(new Standing(row, count, own));
        }
      }
    }
    return standings;
  }

  private List<Figure> of(Row row, int threads) {
    return figures.stream()
        .filter(f -> f.row().equals(row.name()) && f.threads() == threads)
        .toList();
  }

  /** The shortest time of one call that the limits allow, in seconds; 0 if they are not known. */
  double shortest(Row row, int threads) {
    double peak = limit(Rows.PEAK, threads);
    double bandwidth = limit(Rows.BANDWIDTH, threads);
    return peak == 0 || bandwidth == 0 ? 0 : row.cost().seconds(peak, bandwidth);
  }

  /** The limit as measured, without its 10⁹; 0 if it was not. */
  double limit(Row limit, int threads) {
    return new Standing(limit, threads, of(limit, threads))
        .akin()
        .map(summary -> 1e9 * summary.median())
        .orElse(0.0);
  }

  /** Where, when and with what. */
  List<String> notes() {
    List<String> notes = new ArrayList<>(List.of(date + ", " + machine, about));
    Set<String> versions = new LinkedHashSet<>();
    for (Figure figure : figures) {
      if (figure.version() != null) {
        versions.add(figure.by() + ": " + figure.version());
      }
    }
    notes.add(String.join("; ", versions));
    for (int threads : figures.stream().mapToInt(Figure::threads).distinct().toArray()) {
      double peak = limit(Rows.PEAK, threads);
      double bandwidth = limit(Rows.BANDWIDTH, threads);
      if (peak > 0 && bandwidth > 0) {
        notes.add(
            String.format(
                Locale.ROOT,
                "limits in Java, threads: %d: %.0f GFLOP/s, %.1f GB/s",
                threads,
                peak / 1e9,
                bandwidth / 1e9));
      }
    }
    return notes;
  }
}

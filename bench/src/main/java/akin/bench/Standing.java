package akin.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a row's contestants stand, over all rounds.
 *
 * @param figures of this row and number of threads
 */
record Standing(Row row, int threads, List<Figure> figures) {
  private static final String AKIN = "akin";

  /**
   * Over all samples of all rounds, in the row's unit.
   *
   * @param low the lower quartile
   * @param high the upper quartile
   * @param peakBytes the most of any process; 0 if that is not known
   */
  record Summary(String by, double median, double low, double high, long peakBytes) {}

  /** Akin's. */
  Optional<Summary> akin() {
    return summary(AKIN);
  }

  /** The fastest peer's. */
  Optional<Summary> best() {
    Comparator<Summary> speed = Comparator.comparingDouble(Summary::median);
    return figures.stream()
        .map(Figure::by)
        .filter(by -> !by.equals(AKIN))
        .distinct()
        .flatMap(by -> summary(by).stream())
        .max(row.timed() ? speed.reversed() : speed);
  }

  /** Why a contestant has no figure, by its name. */
  Map<String, String> errors() {
    Map<String, String> errors = new LinkedHashMap<>();
    for (Figure figure : figures) {
      if (figure.error() != null) {
        errors.put(figure.by(), figure.error());
      }
    }
    return errors;
  }

  private Optional<Summary> summary(String by) {
    List<Figure> own = of(by);
    double[] values =
        own.stream().flatMap(f -> f.seconds().stream()).mapToDouble(row::figure).sorted().toArray();
    if (values.length == 0) {
      return Optional.empty();
    }
    long peak = own.stream().mapToLong(Figure::peakBytes).max().orElse(0);
    return Optional.of(
        new Summary(
            by, quantile(values, 0.5), quantile(values, 0.25), quantile(values, 0.75), peak));
  }

  private List<Figure> of(String by) {
    return figures.stream().filter(f -> f.by().equals(by) && !f.seconds().isEmpty()).toList();
  }

  /** How many times as fast as the best peer: the median of the rounds' ratios. */
  OptionalDouble ratio() {
    if (akin().isEmpty() || best().isEmpty()) {
      return OptionalDouble.empty();
    }
    List<Double> ratios = new ArrayList<>();
    for (Figure akin : of(AKIN)) {
      for (Figure peer : of(best().get().by())) {
        if (akin.round() == peer.round()) {
          ratios.add(median(peer) / median(akin));
        }
      }
    }
    double[] sorted = ratios.stream().mapToDouble(r -> r).sorted().toArray();
    return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(quantile(sorted, 0.5));
  }

  /** Seconds of a call. */
  static double median(Figure figure) {
    return quantile(figure.seconds().stream().mapToDouble(s -> s).sorted().toArray(), 0.5);
  }

  /** Between neighbours it is interpolated. */
  static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}

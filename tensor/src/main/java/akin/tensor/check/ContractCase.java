package akin.tensor.check;

import akin.tensor.RandomStream;
import akin.tensor.backend.Backend;
import akin.tensor.check.Bound.Precision;
import akin.tensor.check.ContractBench.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One case of the backend contract: one call of one method, with drawn numbers.
 *
 * @param method the method of {@link Backend}
 * @param name what is special about the case: sizes and options
 * @param trial makes the call and writes down what came out
 */
public record ContractCase(String method, String name, Trial trial) {
  private static final long SEED = 20;

  /** Makes the call on the backend of {@code bench}. */
  @FunctionalInterface
  public interface Trial {
    /** Hands over inputs, makes the call, and checks the outputs. */
    void on(ContractBench bench);
  }

  /** All numbers that come out of this case on {@code backend}, in a fixed order. */
  public List<double[]> run(Backend backend) {
    return outputs(backend, false).stream().map(Output::values).toList();
  }

  private List<Output> outputs(Backend backend, boolean magnitudes) {
    RandomStream stream = RandomStream.of(SEED, method).child(name);
    try (ContractBench bench = new ContractBench(backend, stream, magnitudes)) {
      trial.on(bench);
      return bench.outputs();
    }
  }

  /**
   * The outcome of one case.
   *
   * @param worst largest error relative to its bound; above 1 it is a failure
   * @param failures one line for each output that is wrong
   */
  public record Outcome(double worst, List<String> failures) {}

  /** Compares the outputs of {@code candidate} with those of {@code reference}. */
  public Outcome compare(Backend candidate, Backend reference) {
    List<Output> expected = outputs(reference, false);
    boolean terms = expected.stream().anyMatch(o -> o.bound().magnitude() == null);
    List<Output> magnitudes = terms ? outputs(reference, true) : expected;
    List<String> failures = new ArrayList<>();
    double worst = 0;
    try {
      Precision precision = Precision.of(candidate.elementBytes());
      List<Output> actual = outputs(candidate, false);
      for (int i = 0; i < expected.size(); i++) {
        Comparison c = new Comparison(expected.get(i), magnitudes.get(i).values(), precision);
        c.add(actual.get(i).values());
        worst = Math.max(worst, c.worst);
        if (c.wrong > 0) {
          failures.add(this + ": " + c);
        }
      }
    } catch (RuntimeException | AssertionError e) {
      failures.add(this + ": threw " + e);
    }
    return new Outcome(failures.isEmpty() ? worst : Double.POSITIVE_INFINITY, failures);
  }

  /** Counts the elements of one output that lie outside their bounds, and keeps the first. */
  private static final class Comparison {
    private final Output expected;
    private final double[] terms;
    private final Precision precision;
    private double worst;
    private int wrong;
    private String first = "";

    Comparison(Output expected, double[] terms, Precision precision) {
      this.expected = expected;
      this.terms = terms;
      this.precision = precision;
    }

    void add(double[] actual) {
      if (actual.length != expected.values().length) {
        wrong = expected.values().length;
        first = actual.length + " elements, expected " + wrong;
        return;
      }
      for (int i = 0; i < actual.length; i++) {
        add(i, expected.values()[i], actual[i]);
      }
    }

    private void add(int i, double e, double a) {
      double rounded = expected.bound().exact() ? e : precision.round(e);
      if (Double.isNaN(e) ? Double.isNaN(a) : rounded == a) {
        return;
      }
      double bound = expected.bound().at(i, terms, precision);
      double error = Math.abs(a - e);
      worst = Math.max(worst, bound > 0 ? error / bound : 0);
      if (!(error <= bound) || Double.isInfinite(rounded)) {
        wrong++;
        if (wrong == 1) {
          first = String.format(Locale.ROOT, "[%d] = %.9g, expected %.9g ± %.2g", i, a, e, bound);
        }
      }
    }

    @Override
    public String toString() {
      int all = expected.values().length;
      return expected.name() + first + " (" + wrong + " of " + all + " wrong)";
    }
  }

  @Override
  public String toString() {
    return method + " (" + name + ")";
  }
}

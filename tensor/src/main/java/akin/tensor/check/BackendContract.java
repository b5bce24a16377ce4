package akin.tensor.check;

import akin.tensor.backend.Backend;
import akin.tensor.check.ContractCase.Outcome;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The contract that every backend must pass: cases for each method of {@link Backend}, with drawn
 * numbers and awkward sizes, compared with the reference backend within derived {@link Bound}s.
 */
public final class BackendContract {
  /** Sizes below, at and above the width of a vector, a tile and a cache line. */
  static final int[] SIZES = {1, 3, 7, 8, 13, 64, 207, 702};

  /** Elements that a backend will hardly leave to a single thread, block or chunk. */
  static final int MANY = 70_001;

  /**
   * Lengths of rows along which 32 or 256 threads take one turn more each time, with some of them
   * left over in the last.
   */
  static final int[] TURNS =
      IntStream.concat(
              IntStream.iterate(40, n -> n < 256, n -> n + 32),
              IntStream.iterate(300, n -> n < 4096, n -> n + 256))
          .toArray();

  private BackendContract() {}

  /**
   * How a backend did at one method.
   *
   * @param method the method's name
   * @param cases how many cases were tried
   * @param worst the largest error relative to its bound: at most 1 if all is well, infinite if a
   *     case failed
   * @param failures one line for each wrong output: the case, the first wrong element, its bound
   */
  public record Result(String method, int cases, double worst, List<String> failures) {
    /** Whether every case held. */
    public boolean passed() {
      return failures.isEmpty();
    }
  }

  /** All cases, methods in the order of {@link Backend}; the last one closes the backend. */
  public static List<ContractCase> cases() {
    List<ContractCase> cases = new ArrayList<>();
    MemoryContract.addTo(cases);
    UnaryContract.addTo(cases);
    BinaryContract.addTo(cases);
    RowContract.addTo(cases);
    AlgebraContract.addTo(cases);
    TripletContract.addTo(cases);
    ConvolutionContract.addTo(cases);
    PoolContract.addTo(cases);
    NormContract.addTo(cases);
    LengthContract.addTo(cases);
    TrainingContract.addTo(cases);
    SearchContract.addTo(cases);
    SearchOrderContract.addTo(cases);
    PlanContract.addTo(cases);
    MemoryContract.addCloseTo(cases);
    return cases;
  }

  /**
   * Opens a backend, tries it at the chosen methods and closes it.
   *
   * @param which chooses methods by name
   */
  public static List<Result> run(Supplier<Backend> candidate, Predicate<String> which) {
    Map<String, List<ContractCase>> methods = new LinkedHashMap<>();
    for (ContractCase c : cases()) {
      if (which.test(c.method())) {
        methods.computeIfAbsent(c.method(), m -> new ArrayList<>()).add(c);
      }
    }
    List<Result> results = new ArrayList<>();
    try (Backend backend = candidate.get();
        Backend reference = new ReferenceBackend()) {
      methods.forEach((method, cases) -> results.add(run(method, cases, backend, reference)));
    }
    return results;
  }

  private static Result run(
      String method, List<ContractCase> cases, Backend candidate, Backend reference) {
    double worst = 0;
    List<String> failures = new ArrayList<>();
    for (ContractCase c : cases) {
      Outcome verdict = c.compare(candidate, reference);
      worst = Math.max(worst, verdict.worst());
      failures.addAll(verdict.failures());
    }
    return new Result(method, cases.size(), worst, failures);
  }
}

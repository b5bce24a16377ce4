package akin.app;

import akin.retrieval.Progress;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.check.BackendContract;
import akin.tensor.check.BackendContract.Result;
import akin.tensor.check.ContractCase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The backend's contract on one device, method by method against the reference backend.
 *
 * @param methods what came of each
 */
record DeviceTrial(List<Method> methods) {
  /**
   * One method of the backend.
   *
   * @param name its name
   * @param cases how many cases were tried
   * @param worst the largest error, as a share of what is allowed
   * @param seconds how long both backends took
   * @param failures a line for each case that failed
   */
  record Method(String name, int cases, double worst, double seconds, List<String> failures) {}

  /**
   * Tries the methods that {@code which} names; the device is opened anew for each, so that what a
   * method did to it ends there. One after which it does not open any more ends the trial of the
   * next, and no more: what was found before is kept.
   */
  static DeviceTrial of(Supplier<Backend> device, Predicate<String> which, Progress progress) {
    List<String> names =
        BackendContract.cases().stream()
            .map(ContractCase::method)
            .distinct()
            .filter(which)
            .toList();
    List<Method> methods = new ArrayList<>();
    try (Progress.Bar bar = progress.start("contract", names.size())) {
      for (String name : names) {
        bar.note(name);
        long start = System.nanoTime();
        try {
          for (Result r : BackendContract.run(device, name::equals)) {
            methods.add(new Method(name, r.cases(), r.worst(), since(start), r.failures()));
          }
        } catch (UserError e) {
          List<String> untried = List.of("not tried: " + e.getMessage());
          methods.add(new Method(name, 0, Double.POSITIVE_INFINITY, since(start), untried));
        }
        bar.advance(1);
      }
    }
    return new DeviceTrial(methods);
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  int cases() {
    return methods.stream().mapToInt(Method::cases).sum();
  }

  double worst() {
    return methods.stream().mapToDouble(Method::worst).max().orElse(0);
  }

  /** The failures of all methods. */
  List<String> failures() {
    return methods.stream()
        .flatMap(m -> m.failures().stream().map(failure -> m.name() + ": " + failure))
        .toList();
  }
}

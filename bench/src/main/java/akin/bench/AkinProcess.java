package akin.bench;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;

/** Does one row's work with Akin and prints the figure. Arguments: ROW BY THREADS WARM MEASURE. */
final class AkinProcess {
  private AkinProcess() {}

  public static void main(String[] args) throws Exception {
    int threads = Integer.parseInt(args[2]);
    try (Backend backend = Backends.open("cpu", threads);
        Task task = Rows.named(args[0]).akin().prepare(backend, threads)) {
      Sampler.of(args).report(backend.name() + ", JDK " + Runtime.version(), task, args);
    }
  }
}

package akin.cuda.teach;

import akin.cuda.CudaBackend;
import akin.cuda.kernel.KernelFile;
import akin.cuda.sim.SimDevice;
import akin.cuda.sim.exec.Observer;
import akin.cuda.sim.observe.RaceCheck;
import akin.cuda.sim.observe.WrittenCheck;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.List;

/**
 * Runs the examples of a kernel's file on the PTX machine, one after the other, until one has
 * launched the kernel.
 *
 * @param example that did
 * @param difference of its results from the reference backend's, the largest, as a share of the
 *     largest number among them
 */
record Stage(Example example, double difference) {
  private static final long MEMORY = 1L << 30;

  /**
   * The first example that launches a kernel.
   *
   * @param n about how many elements the largest array has
   * @param launch waits for the kernel
   * @throws UserError if arrays of this size are too small for the kernel
   * @throws akin.cuda.device.DeviceException KERNEL_FAULT if a kernel does what is forbidden
   */
  static Stage show(CudaKernel kernel, int n, long seed, FirstLaunch launch) {
    try (Backend machine = machine(launch)) {
      for (Example example : Example.of(kernel.file())) {
        Stage stage = of(example, machine, n, seed);
        if (launch.launch() != null) {
          return stage;
        }
      }
    }
    throw UserError.of("no example launches " + kernel.name() + " with so few elements")
        .at("--size " + n)
        .rule("the backend launches it for longer lines or more of them only")
        .mend("a larger number, or none");
  }

  /** All examples of a file. */
  static List<Stage> all(KernelFile file, int n, long seed, Observer observer) {
    try (Backend machine = machine(observer)) {
      return Example.of(file).stream().map(example -> of(example, machine, n, seed)).toList();
    }
  }

  private static Backend machine(Observer observer) {
    Observer all = Observer.all(new WrittenCheck(), new RaceCheck(), observer);
    return new CudaBackend("sim", SimDevice.observed(MEMORY, all), MEMORY);
  }

  private static Stage of(Example example, Backend machine, int n, long seed) {
    return new Stage(example, difference(run(example, machine, n, seed), example, n, seed));
  }

  private static List<double[]> run(Example example, Backend backend, int n, long seed) {
    try (Bench bench = new Bench(backend, seed)) {
      example.trial().run(bench, backend, n);
      return bench.results();
    }
  }

  private static double difference(List<double[]> results, Example example, int n, long seed) {
    List<double[]> truth;
    try (Backend reference = new ReferenceBackend()) {
      truth = run(example, reference, n, seed);
    }
    double worst = 0;
    for (int k = 0; k < truth.size(); k++) {
      double largest = Double.MIN_NORMAL;
      double apart = 0;
      for (int i = 0; i < truth.get(k).length; i++) {
        largest = Math.max(largest, Math.abs(truth.get(k)[i]));
        apart = Math.max(apart, Math.abs(results.get(k)[i] - truth.get(k)[i]));
      }
      worst = Math.max(worst, apart / largest);
    }
    return worst;
  }
}

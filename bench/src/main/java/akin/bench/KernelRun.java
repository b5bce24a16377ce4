package akin.bench;

import akin.tensor.UserError;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Has JMH time kernels, and prints each beside what the machine could do at most. */
final class KernelRun {
  private final Path root;
  private final boolean quick;
  private final double peak;
  private final double bandwidth;

  /**
   * @param peak measured, operations in a second
   * @param bandwidth measured, bytes in a second
   */
  KernelRun(Path root, boolean quick, double peak, double bandwidth) {
    this.root = root;
    this.quick = quick;
    this.peak = peak;
    this.bandwidth = bandwidth;
  }

  /** Times and prints those kernels, one after the other. */
  void print(List<Kernel> kernels, int threads) {
    System.out.printf(
        Locale.ROOT,
        "kernels by JMH, threads: %d; limits in Java: %.0f GFLOP/s, %.1f GB/s%n",
        threads,
        peak / 1e9,
        bandwidth / 1e9);
    System.out.printf(
        "%-46s %10s %19s %9s %8s %7s %12s%n",
        "kernel", "µs", "quartiles", "GFLOP/s", "Gelem/s", "GB/s", "of the limit");
    kernels.forEach(kernel -> print(kernel, time(kernel, threads)));
  }

  private Result<?> time(Kernel kernel, int threads) {
    List<String> jvm = new ArrayList<>(Launcher.options(root));
    jvm.add("-Djmh.ignoreLock=true");
    Options options =
        new OptionsBuilder()
            .include(KernelBenchmark.class.getName())
            .param("kernel", kernel.name())
            .param("threads", Integer.toString(threads))
            .forks(quick ? 1 : 3)
            .warmupIterations(quick ? 4 : 8)
            .warmupTime(TimeValue.milliseconds(500))
            .measurementIterations(quick ? 5 : 7)
            .measurementTime(TimeValue.milliseconds(200))
            .jvmArgs(jvm.toArray(String[]::new))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    try {
      // What the forked JVMs print, such as their warning of incubator modules, is no part of a
      // table.
      PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
      OutputFormat silent = OutputFormatFactory.createFormatInstance(nowhere, VerboseMode.SILENT);
      RunResult result = new Runner(options, silent).runSingle();
      return result.getPrimaryResult();
    } catch (RunnerException e) {
      throw UserError.of("the kernel fails: " + e.getMessage()).at(kernel.name()).because(e);
    }
  }

  private void print(Kernel kernel, Result<?> result) {
    Statistics times = result.getStatistics();
    double micros = times.getPercentile(50);
    Row.Cost cost = kernel.cost();
    System.out.printf(
        Locale.ROOT,
        "%-46s %10.1f %19s %9s %8.2f %7.1f %10.0f %%%n",
        kernel.name(),
        micros,
        String.format(Locale.ROOT, "%.1f–%.1f", times.getPercentile(25), times.getPercentile(75)),
        cost.flops() == 0 ? "–" : String.format(Locale.ROOT, "%.1f", cost.flops() / micros / 1e3),
        kernel.elements() / micros / 1e3,
        cost.bytes() / micros / 1e3,
        100 * cost.seconds(peak, bandwidth) * 1e6 / micros);
  }
}

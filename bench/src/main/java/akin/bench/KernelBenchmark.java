package akin.bench;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One kernel in a JVM of its own; {@link KernelRun} tells which. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class KernelBenchmark {
  /** Name of a {@link Kernel}. */
  @Param("")
  public String kernel;

  /** How many threads compute. */
  @Param("1")
  public int threads;

  private Backend backend;
  private Runnable call;

  /** Fills the operands. */
  @Setup
  public void prepare() {
    backend = Backends.open("cpu", threads);
    call =
        Kernel.all().stream()
            .filter(k -> k.name().equals(kernel))
            .findFirst()
            .orElseThrow()
            .prepare()
            .apply(new Kernel.Operands(backend));
  }

  /** The call; its results lie in buffers, so nothing can be left out. */
  @Benchmark
  public void call() {
    call.run();
  }

  /** The buffers go with the JVM. */
  @TearDown
  public void end() {
    call = null;
  }
}

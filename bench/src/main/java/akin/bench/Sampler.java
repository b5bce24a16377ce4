package akin.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Warms a task up and times it. {@code peers.py} does the same, without the compilers.
 *
 * @param warm seconds that it runs at least before anything counts: two windows
 * @param windows of warming up, at most
 * @param measure seconds that count
 */
record Sampler(double warm, int windows, double measure) {
  private static final double FASTER = 0.97;
  private static final double BUSY = 0.05; // share of a window that the compiler may take
  private static final int LEAST = 3;
  private static final int MOST = 100;
  private static final double SHORTEST = 0.02; // seconds of a sample, which may be many calls

  /** Of the arguments that every process gets: ROW BY THREADS WARM WINDOWS MEASURE. */
  static Sampler of(String... args) {
    return new Sampler(
        Double.parseDouble(args[3]), Integer.parseInt(args[4]), Double.parseDouble(args[5]));
  }

  /** Seconds of a call, sample by sample. */
  List<Double> time(Task task) throws Exception {
    warmUp(task);
    long start = System.nanoTime();
    task.run();
    int inner = (int) Math.max(1, Math.ceil(SHORTEST / since(start)));
    List<Double> seconds = new ArrayList<>();
    long begin = System.nanoTime();
    while (seconds.size() < LEAST || since(begin) < measure && seconds.size() < MOST) {
      start = System.nanoTime();
      for (int i = 0; i < inner; i++) {
        task.run();
      }
      seconds.add(since(start) / inner);
    }
    return seconds;
  }

  /**
   * Goes on until it gets no faster and the JVM's compilers have rest, which on one core takes
   * long.
   */
  private void warmUp(Task task) throws Exception {
    CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    double before = Double.POSITIVE_INFINITY;
    double now = Double.MAX_VALUE;
    boolean compiling = false;
    for (int window = 0;
        window < windows && (window < 2 || compiling || now < FASTER * before);
        window++) {
      before = now;
      int calls = 0;
      long compiled = compilers.getTotalCompilationTime();
      long start = System.nanoTime();
      do {
        task.run();
        calls++;
      } while (since(start) < warm / 2);
      compiling = (compilers.getTotalCompilationTime() - compiled) / 1e3 > BUSY * since(start);
      now = since(start) / calls;
    }
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /** Times a task and prints the figure. */
  void report(String version, Task task, String... args) throws Exception {
    List<Double> seconds = time(task);
    print(
        new Figure(
            args[0],
            args[1],
            version,
            Integer.parseInt(args[2]),
            0,
            seconds,
            task.peakBytes(),
            null));
  }

  static void print(Figure figure) throws JsonProcessingException {
    System.out.println(new ObjectMapper().writeValueAsString(figure));
  }
}

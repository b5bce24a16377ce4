package akin.retrieval.data;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Independent tasks on several threads. */
public final class Parallel {
  private Parallel() {}

  /**
   * Runs {@code task} for 0 to n − 1, the numbers handed out in ascending order, on {@code threads}
   * threads (the caller's is one of them), and returns when all are done. Each task writes to its
   * own place, so that the outcome does not depend on the number of threads.
   *
   * @throws RuntimeException what the task of the lowest number threw, if any did: since all lower
   *     numbers were handed out before, this too is the same for any number of threads
   */
  public static void forEach(int n, int threads, IntConsumer task) {
    AtomicInteger next = new AtomicInteger();
    Failure failure = new Failure();
    Runnable work =
        () -> {
          int i = next.getAndIncrement();
          while (i < n && i < failure.index()) {
            try {
              task.accept(i);
            } catch (RuntimeException | Error e) {
              failure.record(i, e);
            }
            i = next.getAndIncrement();
          }
        };
    Thread[] helpers = new Thread[Math.max(0, Math.min(threads, n) - 1)];
    for (int t = 0; t < helpers.length; t++) {
      helpers[t] = new Thread(work, "akin-data-" + t);
      helpers[t].setDaemon(true);
      helpers[t].start();
    }
    work.run();
    boolean interrupted = false;
    for (Thread helper : helpers) {
      while (helper.isAlive()) {
        try {
          helper.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    failure.rethrow();
  }

  private static final class Failure {
    private int index = Integer.MAX_VALUE;
    private Throwable cause;

    synchronized int index() {
      return index;
    }

    synchronized void record(int i, Throwable e) {
      if (i < index) {
        index = i;
        cause = e;
      }
    }

    synchronized void rethrow() {
      if (cause instanceof RuntimeException e) {
        throw e;
      }
      if (cause instanceof Error e) {
        throw e;
      }
    }
  }
}

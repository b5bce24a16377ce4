package akin.tensor.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads: the caller and {@code threads − 1} daemons.
 *
 * <p>Work is cut into chunks by its shape, never by the number of threads; any thread takes any
 * chunk. Chunks write disjoint outputs, or partial results that the caller combines in order of the
 * chunks, so the bits of a result do not depend on the team.
 */
final class Workers implements AutoCloseable {
  /** Idle daemons spin this long before they park: waking a parked thread costs about as much. */
  private static final long SPIN_NANOS = 50_000;

  private final Thread[] daemons;
  private final AtomicIntegerArray parked;
  private volatile Job job;
  private volatile boolean closed;

  Workers(int threads) {
    daemons = new Thread[threads - 1];
    parked = new AtomicIntegerArray(threads);
    for (int i = 0; i < daemons.length; i++) {
      int worker = i + 1;
      daemons[i] = new Thread(() -> serve(worker), "akin-cpu-" + worker);
      daemons[i].setDaemon(true);
      daemons[i].start();
    }
  }

  /** One chunk of a piece of work. */
  @FunctionalInterface
  interface Task {
    /**
     * Does chunk {@code chunk}.
     *
     * @param worker number of the thread, for its own scratch space
     */
    void run(int chunk, int worker);
  }

  /** Elements {@code from} (inclusive) to {@code to} (exclusive) of a piece of work. */
  @FunctionalInterface
  interface Range {
    /** Does the elements. */
    void run(int from, int to);
  }

  /** Number of threads, the caller included. */
  int threads() {
    return daemons.length + 1;
  }

  /** Does chunks 0 … {@code chunks} − 1 and returns when all are done. */
  void run(int chunks, Task task) {
    if (chunks <= 1 || daemons.length == 0) {
      for (int i = 0; i < chunks; i++) {
        task.run(i, 0);
      }
      return;
    }
    Job next = new Job(task, chunks);
    job = next;
    for (int i = 0; i < daemons.length; i++) {
      if (parked.get(i + 1) != 0) {
        LockSupport.unpark(daemons[i]);
      }
    }
    next.help(0);
    next.await();
  }

  /** Does elements 0 … {@code count} − 1 in chunks of {@code grain}. */
  void range(int count, int grain, Range range) {
    int chunks = Math.floorDiv(count - 1, grain) + 1;
    run(
        chunks,
        (chunk, worker) -> {
          int from = chunk * grain;
          range.run(from, chunk == chunks - 1 ? count : from + grain);
        });
  }

  private void serve(int worker) {
    Job seen = null;
    while (!closed) {
      long start = System.nanoTime();
      while (job == seen && !closed) {
        if (System.nanoTime() - start > SPIN_NANOS) {
          parked.set(worker, 1);
          if (job == seen && !closed) {
            LockSupport.park(this);
          }
          parked.set(worker, 0);
        } else {
          Thread.onSpinWait();
        }
      }
      seen = job;
      if (seen != null) {
        seen.help(worker);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread daemon : daemons) {
      LockSupport.unpark(daemon);
    }
  }

  /** One call of {@link #run}. */
  private static final class Job {
    private final int chunks;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private Task task;
    private volatile Throwable failure;

    Job(Task task, int chunks) {
      this.task = task;
      this.chunks = chunks;
    }

    void help(int worker) {
      for (int i = next.getAndIncrement(); i < chunks; i = next.getAndIncrement()) {
        try {
          task.run(i, worker);
        } catch (Throwable t) {
          failure = t;
        } finally {
          done.incrementAndGet();
        }
      }
    }

    void await() {
      long start = System.nanoTime();
      while (done.get() < chunks) {
        if (System.nanoTime() - start > SPIN_NANOS) {
          Thread.yield();
        } else {
          Thread.onSpinWait();
        }
      }
      task = null; // the last job stays reachable, its tensors need not
      if (failure instanceof Error) {
        throw (Error) failure;
      }
      if (failure != null) {
        throw (RuntimeException) failure;
      }
    }
  }
}

package akin.tensor.cpu;

/** Runs chunks: all {@link Workers}, or one of them from inside a task. */
@FunctionalInterface
interface Crew {
  /** Does chunks 0 … {@code chunks} − 1 and returns when all are done. */
  void run(int chunks, Workers.Task task);

  /** The calling thread alone, which has the number {@code worker}. */
  static Crew alone(int worker) {
    return (chunks, task) -> {
      for (int chunk = 0; chunk < chunks; chunk++) {
        task.run(chunk, worker);
      }
    };
  }
}

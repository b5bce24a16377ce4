package akin.tensor.cpu;

/** Runs chunks: all {@link Workers}, or one of them from inside a task. */
@FunctionalInterface
interface Crew {
  /** Pieces that are worth a thread each. */
  int ENOUGH = 4;

  /** Does chunks 0 … {@code chunks} − 1 and returns when all are done. */
  void run(int chunks, Workers.Task task);

  /** A piece of work with chunks of its own. */
  @FunctionalInterface
  interface Piece {
    /**
     * Does piece {@code number}.
     *
     * @param owner number of the thread whose scratch space holds what the crew shares
     */
    void run(Crew crew, int owner, int number);
  }

  /** Does pieces 0 … {@code pieces} − 1: one thread each, or each by all if they are few. */
  static void share(Workers workers, int pieces, Piece piece) {
    if (pieces >= ENOUGH) {
      workers.run(pieces, (number, worker) -> piece.run(alone(worker), worker, number));
      return;
    }
    for (int number = 0; number < pieces; number++) {
      piece.run(workers::run, 0, number);
    }
  }

  /** The calling thread alone, which has the number {@code worker}. */
  static Crew alone(int worker) {
    return (chunks, task) -> {
      for (int chunk = 0; chunk < chunks; chunk++) {
        task.run(chunk, worker);
      }
    };
  }
}

package akin.bench;

/** A piece of work, prepared; every call does it once, whole. */
@FunctionalInterface
interface Task extends AutoCloseable {
  /** Does the work; its result is there on return. */
  void run() throws Exception;

  @Override
  default void close() {}
}

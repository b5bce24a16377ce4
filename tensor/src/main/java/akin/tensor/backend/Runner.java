package akin.tensor.backend;

import java.util.function.IntConsumer;

/**
 * A program prepared on a backend, to be run again and again; see {@link Backend#plan}. It may hold
 * buffers of its own, such as weights in the backend's order, and gives them back when it closes.
 */
public interface Runner extends AutoCloseable {
  /**
   * y = what the program makes of x.
   *
   * @param x like the program's input; read only
   * @param y like its output
   */
  default void run(Buffer x, Buffer y) {
    run(x, y, step -> {});
  }

  /**
   * The same for who wants to know what takes its time.
   *
   * @param done is told the number of each step of the program once it is done
   */
  void run(Buffer x, Buffer y, IntConsumer done);

  /**
   * Whether {@link #run} reads this constant of the program; what was only needed for the
   * preparation may be given back.
   */
  boolean reads(Buffer constant);

  @Override
  void close();
}

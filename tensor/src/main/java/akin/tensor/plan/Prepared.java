package akin.tensor.plan;

import akin.tensor.op.Context;

/** A step of a program that a backend does in its own way, with buffers of its own. */
public interface Prepared extends AutoCloseable {
  /** Computes the output from the inputs. */
  void run(Context c);

  /** Whether {@link #run} reads input {@code i}. */
  boolean reads(int i);

  @Override
  void close();
}

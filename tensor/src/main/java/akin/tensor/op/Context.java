package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;

/** What an operator sees while it runs: its inputs, its output and, backward, its gradients. */
public interface Context {
  /** The device that does the work. */
  Backend backend();

  /** Whether backward may follow, so that it is worth saving for it. */
  boolean recording();

  /** Number of inputs. */
  int inputs();

  /** Shape of input {@code i}. */
  Shape shape(int i);

  /**
   * Input {@code i}: to be read only, except where the operator's Javadoc says it is a state (then
   * the operator is not {@linkplain Op#pure pure}).
   */
  Buffer in(int i);

  /** Shape of the output. */
  Shape outShape();

  /** The output: written forward, read backward. */
  Buffer out();

  /** Forward: makes the output the same memory as input {@code i}, instead of {@link #out}. */
  void share(int i);

  /** Forward: an auxiliary output, such as a mask or a mean, kept for backward. */
  Buffer save(long length);

  /** Backward: the i-th buffer that forward saved. */
  Buffer saved(int i);

  /** Scratch memory for this call; it may become a gradient through {@link #accumulate}. */
  Buffer temp(long length);

  /** Backward: dY, like the output; read only. */
  Buffer grad();

  /**
   * Backward: where an elementwise gradient like dY may be written: over dY itself if nobody else
   * holds it, which saves memory and its traffic, or a {@link #temp}.
   */
  Buffer gradOrTemp();

  /** Backward: whether anybody needs the gradient of input {@code i}. */
  boolean wants(int i);

  /**
   * Backward: adds {@code g} to the gradient of input {@code i}; never overwrites. {@code g} is
   * {@link #grad} itself or a {@link #temp}, and is not written afterwards.
   */
  void accumulate(int i, Buffer g);
}

package akin.nn.io;

import akin.nn.StateDict.Value;
import akin.nn.io.Safetensors.Type;
import akin.tensor.Shape;
import akin.tensor.UserError;
import java.util.Arrays;

/**
 * An array of an open file as a view of elements that lie there: element (i, j, …) is number i·s₀ +
 * j·s₁ + … of them.
 *
 * @param name its full name
 * @param nest the dictionary it lies in; see {@link WeightFile.Entry#nest}
 * @param elements from the view's first element to its last; none if the array is empty
 * @param shape its sizes
 * @param strides steps between neighbours along each axis, in elements; none negative
 */
public record StoredArray(String name, String nest, Elements elements, int[] shape, long[] strides)
    implements WeightFile.Entry {

  /**
   * @throws UserError if the name holds what would steer a terminal that shows it
   */
  public StoredArray {
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw UserError.of("the name of an array holds control characters")
          .at(elements.file())
          .rule("found '" + name.replaceAll("\\p{Cntrl}", "?") + "'")
          .mend("such a file is damaged, or made to hurt");
    }
  }

  /** An array whose elements lie in row-major order. */
  public static StoredArray rowMajor(String name, Elements elements, int... shape) {
    return new StoredArray(name, "", elements, shape, rowMajor(shape));
  }

  /** The strides of an array whose elements lie in row-major order. */
  private static long[] rowMajor(int[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strides;
  }

  /** Bytes of memory that its value takes, or the elements that it is picked from, if more. */
  public long memory() {
    long count = 1;
    for (int size : shape) {
      count *= size;
    }
    return Math.max(count, elements.count()) * elements.valueBytes();
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public Type type() {
    return elements.type();
  }

  @Override
  public Value value() {
    Shape sizes = Shape.of(Arrays.stream(shape).asLongStream().toArray());
    boolean dense = isRowMajor();
    int count = dense ? 0 : Math.toIntExact(sizes.count());
    if (!type().isFloating()) {
      long[] span = elements.longs();
      return Value.whole(sizes, dense ? span : gather(span, new long[count], count));
    }
    if (type() == Type.F64) {
      double[] span = elements.doubles();
      return Value.of(sizes, dense ? span : gather(span, new double[count], count));
    }
    float[] span = elements.floats();
    return Value.of(sizes, dense ? span : gather(span, new float[count], count));
  }

  /** Whether the elements lie as they are wanted; strides of axes of size 1 do not matter. */
  private boolean isRowMajor() {
    long[] wanted = rowMajor(shape);
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] > 1 && strides[i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Copies the view's elements in row-major order; both are arrays of one primitive type. */
  private <A> A gather(A span, A values, int count) {
    int[] index = new int[shape.length];
    int at = 0;
    for (int i = 0; i < count; i++) {
      System.arraycopy(span, at, values, i, 1);
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        at += (int) strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        at -= (int) strides[axis] * shape[axis];
        index[axis] = 0;
      }
    }
    return values;
  }
}

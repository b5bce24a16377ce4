package akin.nn.io.torch;

import java.util.List;

/**
 * A view of a storage: element (i, j, …) is number offset + i·s₀ + j·s₁ + … of it.
 *
 * @param storage whose elements they are
 * @param offset number of the first element
 * @param shape sizes
 * @param strides steps between neighbours along each axis
 * @param span elements of the storage from the first to the last that is used; 0 if there are none
 */
record TorchTensor(TorchStorage storage, long offset, int[] shape, long[] strides, long span) {
  private static final int MOST_AXES = 32;

  /** Makes a tensor of what the checkpoint says of it, and checks all of it. */
  static TorchTensor of(
      PickleInput in, Object storage, Object offset, Object shape, Object strides) {
    if (!(storage instanceof TorchStorage known)) {
      throw in.refuse("a tensor has a storage");
    }
    long first = whole(in, offset);
    List<Object> sizes = axes(in, shape);
    List<Object> steps = axes(in, strides);
    if (sizes.size() != steps.size()) {
      throw in.refuse("a tensor has a stride for each axis");
    }
    int[] size = new int[sizes.size()];
    long[] step = new long[sizes.size()];
    long count = 1;
    long last = 0;
    try {
      for (int i = 0; i < size.length; i++) {
        size[i] = Math.toIntExact(whole(in, sizes.get(i)));
        step[i] = whole(in, steps.get(i));
        count = Math.multiplyExact(count, size[i]);
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, size[i] - 1L), step[i]));
      }
      Math.multiplyExact(count, Long.BYTES);
      long span = count == 0 ? 0 : Math.addExact(last, 1);
      if (Math.addExact(first, span) > known.count()) {
        throw in.refuse(
            "a tensor lies inside its storage; storage '%s' has %d elements, the last needed is %d"
                .formatted(known.key(), known.count(), first + last));
      }
      return new TorchTensor(known, first, size, step, span);
    } catch (ArithmeticException e) {
      throw in.refuse("a tensor's sizes can be counted").because(e);
    }
  }

  private static List<Object> axes(PickleInput in, Object tuple) {
    if (tuple instanceof Pickle.Tuple known && known.items().size() <= MOST_AXES) {
      return known.items();
    }
    throw in.refuse("sizes and strides are tuples of at most " + MOST_AXES + " numbers");
  }

  static long whole(PickleInput in, Object value) {
    if (value instanceof Long number && number >= 0) {
      return number;
    }
    throw in.refuse("sizes, strides and offsets are whole numbers from 0");
  }
}

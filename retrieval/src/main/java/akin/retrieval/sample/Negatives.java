package akin.retrieval.sample;

import akin.retrieval.data.Attributes;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Draws an attribute row that does not describe the picture of a given one: the negative of a
 * triplet. The negative always differs from the positive. A row is one byte (0 or 1) an attribute.
 */
public sealed interface Negatives {

  /**
   * Draws one negative; a pure function of its arguments.
   *
   * @param positive holds the positive's row from index {@code from} on
   * @param stream this draw's own stream, such as {@code step.child(element)}
   * @param negative receives the row from index {@code to} on
   */
  void draw(byte[] positive, int from, RandomStream stream, byte[] negative, int to);

  /** The number of attributes of a row. */
  int attributes();

  /**
   * Draws one negative for each row of a batch: element i from {@code step.child(i)}, so that it
   * does not depend on the other elements.
   *
   * @param positives [B, attributes]
   * @param negatives receives [B, attributes]
   */
  default void fill(byte[] positives, RandomStream step, byte[] negatives) {
    int width = attributes();
    if (positives.length % width != 0 || negatives.length != positives.length) {
      throw new IllegalArgumentException(
          positives.length + " bytes to " + negatives.length + ", rows of " + width);
    }
    for (int i = 0; i < positives.length / width; i++) {
      draw(positives, i * width, step.child(i), negatives, i * width);
    }
  }

  /**
   * The usual mixture: two of three negatives are rows of other pictures, one of three has flipped
   * bits. With more flipped ones a network learns that rows of real pictures are near, instead of
   * the picture's own.
   *
   * @throws UserError as {@link Existing} and {@link Flips} do
   */
  static Negatives mixture(Attributes table) {
    return new Mixture(
        List.of(
            new Mixture.Part(new Existing(table), 2),
            new Mixture.Part(new Flips(table.count(), Math.min(3, table.count())), 1)));
  }

  /**
   * A random row: every bit 0 or 1 alike, drawn again while it equals the positive. A baseline that
   * is too easy, since most such rows describe no picture.
   *
   * @param attributes the number of attributes, from 1
   */
  record MultiHot(int attributes) implements Negatives {
    @Override
    public void draw(byte[] positive, int from, RandomStream stream, byte[] negative, int to) {
      long next = 0;
      do {
        long word = 0;
        for (int a = 0; a < attributes; a++) {
          word = a % Long.SIZE == 0 ? stream.bits(next++) : word >>> 1;
          negative[to + a] = (byte) (word & 1);
        }
      } while (Arrays.equals(positive, from, from + attributes, negative, to, to + attributes));
    }
  }

  /**
   * The row of a random picture of a table, among those that differ from the positive: each picture
   * is as likely as any other, as if one drew until a row differs, but in one draw.
   */
  final class Existing implements Negatives {
    private final int width;

    /** The table's rows in lexicographic order, so that equal ones stand together. */
    private final byte[] sorted;

    private final int rows;

    /**
     * Takes the rows of the training pictures.
     *
     * @throws UserError if all rows are equal, since then no other can be drawn
     */
    public Existing(Attributes table) {
      width = table.count();
      rows = table.rows();
      byte[] bits = table.bits();
      int[] order =
          IntStream.range(0, rows)
              .boxed()
              .sorted((i, j) -> compare(bits, i * width, bits, j * width))
              .mapToInt(Integer::intValue)
              .toArray();
      sorted = new byte[bits.length];
      for (int i = 0; i < rows; i++) {
        System.arraycopy(bits, order[i] * width, sorted, i * width, width);
      }
      if (rows == 0 || compare(sorted, 0, sorted, (rows - 1) * width) == 0) {
        throw UserError.of("all " + rows + " training pictures have the same attributes")
            .rule("a negative is the row of another picture that differs from the positive's")
            .mend("use pictures with different attributes, or the negatives that flip bits");
      }
    }

    @Override
    public int attributes() {
      return width;
    }

    @Override
    public void draw(byte[] positive, int from, RandomStream stream, byte[] negative, int to) {
      int first = firstNotBelow(positive, from, 0);
      int end = firstNotBelow(positive, from, 1);
      int row = stream.below(0, rows - (end - first));
      if (row >= first) {
        row += end - first;
      }
      System.arraycopy(sorted, row * width, negative, to, width);
    }

    /** The first sorted row that compares with the given one as at least {@code sign}. */
    private int firstNotBelow(byte[] row, int from, int sign) {
      int low = 0;
      int high = rows;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (Integer.signum(compare(sorted, middle * width, row, from)) < sign) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    private int compare(byte[] a, int i, byte[] b, int j) {
      return Arrays.compare(a, i, i + width, b, j, j + width);
    }
  }

  /**
   * The positive with a few bits flipped: n is 1 to {@code most} alike; n times a random attribute
   * is set to the complement of the positive's bit. The attributes are drawn with replacement, so
   * an attribute drawn twice gives fewer changes, but never none.
   *
   * @param attributes the number of attributes
   * @param most the largest number of flips, usually 3
   */
  record Flips(int attributes, int most) implements Negatives {
    /**
     * Checks the numbers.
     *
     * @throws UserError if there are fewer attributes than flips
     */
    public Flips {
      if (most < 1 || most > attributes) {
        throw UserError.of("cannot flip up to " + most + " attributes")
            .rule("1 to " + attributes + ", the number of attributes")
            .mend("choose a number of flips in that range");
      }
    }

    @Override
    public void draw(byte[] positive, int from, RandomStream stream, byte[] negative, int to) {
      System.arraycopy(positive, from, negative, to, attributes);
      int flips = 1 + stream.below(0, most);
      for (int n = 1; n <= flips; n++) {
        int a = stream.below(n, attributes);
        negative[to + a] = (byte) (1 - positive[from + a]);
      }
    }
  }

  /**
   * Each negative is drawn by one of several strategies.
   *
   * @param parts the strategies; the probability of each is its share of the weights
   */
  record Mixture(List<Part> parts) implements Negatives {
    /**
     * One strategy.
     *
     * @param weight its weight, finite and not below 0
     */
    public record Part(Negatives negatives, double weight) {}

    /**
     * Checks the parts.
     *
     * @throws UserError if a weight is below 0 or not finite, or all are 0
     */
    public Mixture {
      parts = List.copyOf(parts);
      double sum = 0;
      for (Part part : parts) {
        sum += part.weight >= 0 ? part.weight : Double.NaN;
      }
      if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
        throw UserError.of("the weights of a mixture of negatives do not add up")
            .at("weights " + parts.stream().map(Part::weight).toList())
            .rule("each is a finite number from 0, and not all are 0");
      }
      if (parts.stream().mapToInt(part -> part.negatives.attributes()).distinct().count() > 1) {
        throw new IllegalArgumentException("rows of different length: " + parts);
      }
    }

    @Override
    public int attributes() {
      return parts.get(0).negatives.attributes();
    }

    @Override
    public void draw(byte[] positive, int from, RandomStream stream, byte[] negative, int to) {
      double sum = parts.stream().mapToDouble(Part::weight).sum();
      double at = stream.uniform(0) * sum;
      int chosen = 0;
      // A part of weight 0 is never chosen: `at` lies below the sum of the weights up to the
      // chosen.
      for (double below = parts.get(0).weight; at >= below && chosen < parts.size() - 1; ) {
        chosen++;
        below += parts.get(chosen).weight;
      }
      parts.get(chosen).negatives.draw(positive, from, stream.child(chosen), negative, to);
    }
  }
}

package akin.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.Shape;
import akin.tensor.backend.Broadcast;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pieces of stretched operands meet each element of the common shape once, with its operands. */
class PieceTest {
  private static final Piece SIX_AXES =
      whole(Shape.of(2, 1, 3, 1, 2, 1), Shape.of(1, 5, 1, 2, 1, 3));

  private static Piece whole(Shape a, Shape b) {
    Broadcast s = Broadcast.of(a, b);
    return new Piece(0, 0, 0, s.sizes(), s.strideA(), s.strideB());
  }

  /** Writes {place in a, place in b} of each element of a piece over its place in y. */
  private static void mark(Piece p, long[][] met) {
    for (long i = 0; i < p.count(); i++) {
      long rest = i;
      long a = p.a();
      long b = p.b();
      for (int axis = p.sizes().length - 1; axis >= 0; axis--) {
        long at = rest % p.sizes()[axis];
        a += at * p.strideA()[axis];
        b += at * p.strideB()[axis];
        rest /= p.sizes()[axis];
      }
      assertEquals(null, met[(int) (p.y() + i)], "met twice");
      met[(int) (p.y() + i)] = new long[] {a, b};
    }
  }

  private static List<Piece> check(Piece whole, long most) {
    long[][] expected = new long[(int) whole.count()][];
    long[][] met = new long[(int) whole.count()][];
    mark(whole, expected);
    List<Piece> pieces = Piece.split(whole, most);
    for (Piece piece : pieces) {
      assertTrue(piece.sizes().length <= Piece.AXES && piece.count() <= most, piece.toString());
      mark(piece, met);
    }
    for (int i = 0; i < met.length; i++) {
      assertArrayEquals(expected[i], met[i], "element " + i + " of at most " + most);
    }
    return pieces;
  }

  @Test
  void whatFitsStaysWhole() {
    assertEquals(1, check(whole(Shape.of(2, 3, 4, 5), Shape.of(3, 1, 5)), 120).size());
    assertEquals(1, check(whole(Shape.of(7), Shape.of(1)), 7).size());
  }

  @Test
  void moreAxesThanTheKernelsKnowAreCutIntoRows() {
    assertEquals(6, SIX_AXES.sizes().length);
    assertEquals(10, check(SIX_AXES, 1000).size());
  }

  @Test
  void moreElementsThanALaunchMayHaveAreCutIntoRuns() {
    Piece[] cut = {
      whole(Shape.of(23), Shape.of(1)),
      whole(Shape.of(5, 7), Shape.of(7)),
      whole(Shape.of(5, 7), Shape.of(5, 1)),
      whole(Shape.of(2, 3, 4, 5), Shape.of(3, 1, 5)),
      SIX_AXES
    };
    for (Piece p : cut) {
      for (long most : new long[] {1, 2, 3, 7, 12, 30, 100}) {
        check(p, most);
      }
    }
  }

  @Test
  void nothingGivesNothingToLaunch() {
    assertTrue(
        Piece.split(whole(Shape.of(3, 0), Shape.of(3, 1)), 10).stream()
            .allMatch(p -> p.count() == 0));
  }
}

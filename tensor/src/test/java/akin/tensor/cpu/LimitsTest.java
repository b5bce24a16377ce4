package akin.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import akin.tensor.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;

/** Sizes near 2³¹, where a product of two of them runs over. */
class LimitsTest {
  private static ConvShape shape(int n, int channels, int h, int w) {
    return new ConvShape(n, channels, h, w, channels, 3, 3, Window.of(1, 1), 1);
  }

  @Test
  void winogradLeavesAloneWhatItsMapsCannotHold() {
    assertTrue(Winograd.pays(shape(1, 64, 56, 56)));
    assertTrue(Winograd.pays(shape(1, 64, 16, 100_000)));
    // 805 million numbers; a row of maps would hold 36·750,000·(64 + 64)
    assertFalse(Winograd.pays(shape(1, 64, 4, 3_000_000)));
    // a kernel of 604 million numbers; its maps would hold four times as many
    assertTrue(Winograd.pays(shape(1, 4096, 56, 56)));
    assertFalse(Winograd.pays(shape(1, 8192, 56, 56)));
  }

  @Test
  void workingSpaceBeyondAnArrayIsAUsersError() {
    Scratch scratch = new Scratch(1);
    long length = Pool.LONGEST + 1L;
    UserError e = assertThrows(UserError.class, () -> scratch.take(0, Scratch.Use.STAGE, length));
    assertTrue(e.getMessage().contains(Pool.LONGEST + " elements; " + length), e.getMessage());
    assertEquals(7, scratch.take(0, Scratch.Use.STAGE, 7).length);
  }

  @Test
  void lengthsOfPackedFactorsDoNotRunOver() {
    assertTrue(Gemm.packedCols(Gemm.Kind.PRODUCT, 1 << 30, 1) >= 1 << 30);
    assertTrue(Gemm.packedRows(Gemm.Kind.PRODUCT, 1 << 16, 1 << 16) >= 1L << 32);
    ConvShape s = new ConvShape(1, 65_536, 5, 5, 65_536, 1, 1, Window.plain(), 1);
    assertEquals(1L << 32, Pointwise.of(s, false).packedLength());
  }

  @Test
  void theReferenceNamesItsLimit() {
    try (ReferenceBackend reference = new ReferenceBackend()) {
      UserError e = assertThrows(UserError.class, () -> reference.allocate(1L << 31));
      assertTrue(e.getMessage().contains("reference backend"), e.getMessage());
    }
  }
}

package akin.cuda.sim;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.kernel.KernelFile;
import akin.cuda.sim.ptx.Parser;
import akin.cuda.sim.ptx.PtxException;
import akin.tensor.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PTX that is cut off or spoilt ends in one exception, which names the line. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TornPtxTest {
  private static final String KERNEL = ".visible .entry k(.param .u64 x)\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".file 1 \"k.cu",
        ".file one \"k.cu\"\n" + KERNEL + "{\n.pragma",
        KERNEL,
        KERNEL + ".maxntid many\n{\nret;\n}",
        KERNEL + "{\n.pragma \"nounroll\"",
        KERNEL + "{\n.reg",
        KERNEL + "{\n.reg .b32 %r<many>;\n}",
        KERNEL + "{\n.shared .align four .b8 s[4];\n}",
        KERNEL + "{\n.shared .b8 s[4",
        KERNEL + "{\n.loc one 2 3\nret;\n}",
        KERNEL + "{\n.",
        KERNEL + "{\nst.global.v2.f32 [x], {%f1, %f2",
        KERNEL + "{\nld.global.f32 %f1, [x",
        KERNEL + "{\n@",
      })
  void isNamed(String text) {
    PtxException e = assertThrows(PtxException.class, () -> Parser.parse(text));
    assertTrue(e.getMessage().startsWith("PTX line "), e.getMessage());
  }

  /** A text without its last brace is never taken for a whole one. */
  @Test
  void aTextThatIsCutOffIsNoModule() {
    String whole = KernelFile.TRIPLETS.ptx();
    int begins = whole.indexOf('{');
    int ends = whole.indexOf("\n}");
    RandomStream places = RandomStream.of(1, "torn");
    for (int i = 0; i < 300; i++) {
      String torn = whole.substring(0, begins + 1 + places.below(i, ends - begins));
      assertThrows(PtxException.class, () -> Parser.parse(torn), torn);
    }
  }
}

package akin.cuda.jcuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import akin.cuda.kernel.KernelFile;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Machine code of every kernel for every card, by the real compiler; runs in {@code mvn -Pcuda}.
 */
class CubinTest {
  private static final List<String> CARDS = List.of("sm_75", "sm_80", "sm_86", "sm_89", "sm_90");
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  private static Nvrtc nvrtc;

  @BeforeAll
  static void load() {
    nvrtc = NvrtcTest.ofTheProfile();
  }

  static Stream<KernelFile> files() {
    return NvrtcTest.files();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyKernelCompilesForEveryCard(KernelFile file) {
    for (String card : CARDS) {
      byte[] cubin = nvrtc.cubin(file.stem() + ".cu", file.source(), card);
      assertArrayEquals(ELF, Arrays.copyOf(cubin, ELF.length), file + " " + card);
    }
  }
}

package akin.cuda.teach;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.kernel.KernelFile;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Every kernel says in one sentence what it computes. */
class KernelCommentsTest {
  /** Two lines of a terminal. */
  private static final int LONGEST = 160;

  private static final String SOURCE =
      """
      // Lines of x:
      //
      //   y = x

      // y = the middle of x. A block a row.
      template <int N>
      static void middle(const float *x) {
      }

      // y = x / 2. Reads x once.
      extern "C" __global__ void own(const float *x) {
      }

      extern "C" __global__ void __launch_bounds__(32) handed_over(const float *x) {
        middle<2>(x);
      }

      extern "C" __global__ void neither(const float *x) {
      }

      #define EACH(f, name, ...)                                      \\
        static float f##_of_##name(float x) { return __VA_ARGS__; }   \\
        /* y = __VA_ARGS__, */                                        \\
        /* a name by f. */                                            \\
        extern "C" __global__ void each_##name(const float *x) {      \\
          f##_of_##name(x);                                           \\
        }                                                             \\
        extern "C" __global__ void middle_##name(const float *x) {    \\
          middle<2>(x);                                               \\
        }

      EACH(way, power, pow(x, 2.0f))

      #define BOTH(name, N) /* y = name by N. */                      \\
        extern "C" __global__ void both_##name(const float *x) {      \\
          middle<N>(x);                                               \\
        }
      BOTH(sums, 3)
      """;

  private static void assertSays(String sentence, String kernel) {
    assertEquals(sentence, new KernelComments(SOURCE).about(kernel));
  }

  @Test
  void theCommentAboveIsReadFirstThenThatOfWhatIsCalledThenTheFiles() {
    assertSays("y = x / 2.", "own");
    assertSays("y = the middle of x.", "handed_over");
    assertSays("Lines of x.", "neither");
  }

  @Test
  void aMacrosArgumentsStandInItsComment() {
    assertSays("y = pow(x, 2.0f), a power by way.", "each_power");
    assertSays("y = the middle of x.", "middle_power");
    assertSays("y = sums by 3.", "both_sums");
  }

  @Test
  void everyKernelHasItsSentence() {
    assertAll(
        Arrays.stream(KernelFile.values())
            .flatMap(file -> CudaKernel.of(file).stream())
            .map(kernel -> () -> assertSentence(kernel.name(), kernel.about())));
  }

  private static void assertSentence(String kernel, String about) {
    assertTrue(about.matches("\\p{L}.*[^.…]\\."), kernel + " says: " + about);
    assertTrue(about.length() <= LONGEST, kernel + " says too much: " + about);
    assertTrue(about.contains("=") || about.split(" ").length > 5, kernel + " says: " + about);
  }
}

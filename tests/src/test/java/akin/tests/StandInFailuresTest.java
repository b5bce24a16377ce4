package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import akin.tensor.backend.Distance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever libraries, driver and card do wrong ends in one message that says what and how to mend
 * it, or in another device; and the next command finds everything as it was.
 */
class StandInFailuresTest {
  @TempDir static Path libraries;
  @TempDir static Path compiler;
  @TempDir static Path scratch;

  /** By scenario: the exit code, then the lines on stderr. */
  private static final Map<String, List<String>> TOLD = new LinkedHashMap<>();

  @BeforeAll
  static void failInAllWays() throws Exception {
    StandIns.buildInto(libraries);
    StandIns.buildCompilerInto(compiler, libraries);
    Path kernels =
        Path.of(
            System.getProperty("akin.root"), "cuda-kernels/src/main/resources/akin/cuda/kernels");
    List<String> options = new ArrayList<>(ChildJvm.VECTORS);
    options.addAll(List.of("-Xmx1g", "-Xlog:disable", "-XX:-PrintWarnings"));
    Map<String, String> environment =
        Map.of("XDG_CACHE_HOME", scratch.toString(), "AKIN_STANDIN_PTX", kernels.toString());
    List<String> lines =
        ChildJvm.lines(
            options,
            environment,
            StandInFailures.class,
            libraries.toString(),
            compiler.toString(),
            scratch.toString());
    for (String line : lines) {
      List<String> parts = Arrays.asList(line.split("\t\\|"));
      TOLD.put(parts.get(0), parts.subList(1, parts.size()));
    }
  }

  private static List<String> told(String name) {
    List<String> lines = TOLD.get(name);
    assertTrue(lines != null, () -> name + " is not among " + TOLD.keySet());
    return lines;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          another version             | 2 | of another version: | mvn -Pcuda
          damaged library             | 2 | cannot be loaded: file too short; it is damaged | mvn -Pcuda
          driver too old              | 2 | knows CUDA up to 10.2, and 11.0 is needed | update the driver
          PTX too new                 | 1 | the driver knows 11.4 | mend: update the driver
          card too old                | 2 | no card is sm_75 (2018) or newer | cannot be used
          no card                     | 2 | the NVIDIA driver finds no card | see nvidia-smi
          no such card                | 2 | --device cuda:3: there is no such card | the only card is cuda:0
          driver without an answer    | 2 | does not answer: CUDA_ERROR_UNKNOWN | see nvidia-smi
          no room for cuBLAS          | 1 | cuBLAS's workspace: CUDA_ERROR_OUT_OF_MEMORY | end what else uses the card
          no memory at all            | 1 | 921.6 MiB of 1024.0 MiB may be used | mend: use a smaller batch
          no size of memory           | 2 | -Dakin.cuda.memory: 'all' is no size of memory | -Dakin.cuda.memory=6g
          no memory on the host       | 1 | cuMemHostAlloc: CUDA_ERROR_OUT_OF_MEMORY | mend:
          card lost while uploading   | 1 | cuMemcpyHtoDAsync: CUDA_ERROR_ECC_UNCORRECTABLE | start again
          card lost while waiting     | 1 | CUDA_ERROR_UNKNOWN (unknown error) | from the last checkpoint
          kernel fault                | 1 | CUDA_ERROR_ILLEGAL_ADDRESS | binary_add (with CUDA_LAUNCH_BLOCKING=1
          cuBLAS without memory       | 1 | cublasCreate: CUBLAS_STATUS_ALLOC_FAILED | mend:
          cuBLAS failed               | 1 | cublasSgemm: CUBLAS_STATUS_EXECUTION_FAILED | please report it
          PTX that does not compile   | 1 | binary.ptx for sm_86: CUDA_ERROR_INVALID_PTX | ptx input, line 12
          kernel that is not there    | 1 | cuModuleGetFunction binary_add of binary.cu | CUDA_ERROR_NOT_FOUND
          launch that is refused      | 1 | cuLaunchKernel binary_add | CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES
          source that does not compile | 1 | binary.cu(2): error: expected a ";" | 1 error detected
          damaged cache, no compiler  | 1 | binary.cu does not compile for sm_86 with NVRTC 11.8 | mend:
          """)
  void endsInOneMessage(String name, String code, String what, String mend) {
    List<String> lines = told(name);
    String text = String.join("\n", lines);
    assertEquals(code, lines.get(0), text);
    assertTrue(text.contains(what) && text.contains(mend), text);
    assertEquals(1, lines.stream().filter(line -> line.startsWith("akin: ")).count(), text);
    assertFalse(text.contains("\tat ") || text.contains("Exception"), text);
  }

  @Test
  void withoutDriverSaysSo() {
    assumeFalse(
        Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/lib/wsl/lib")
            .anyMatch(folder -> Files.exists(Path.of(folder, "libcuda.so.1"))),
        "this machine has a driver");
    endsInOneMessage("no driver", "2", "no NVIDIA driver here", "a card needs one installed");
  }

  @Test
  void autoTakesTheNextDeviceAndSaysWhyInOneLine() {
    List<String> lines = told("auto");
    assertEquals("0", lines.get(0), lines::toString);
    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.get(1).startsWith("akin: not cuda: the NVIDIA driver finds no card"));
  }

  @Test
  void exhaustedMemoryTellsWhatHoldsIt() {
    assertEquals(
        List.of(
            "1",
            "the memory of Stand-in card is exhausted",
            "  rule: 30.0 MiB wanted; 30.0 MiB in 1 buffers in use, 0.0 MiB in 0 galleries, 0.0 MiB in"
                + " working space, 43.2 MiB of 48.0 MiB may be used, 18.0 MiB free on the card",
            "  mend: use a smaller batch, or let Akin have more of the card (-Dakin.cuda.memory=6g)"),
        told("memory exhausted"));
  }

  @Test
  void aLibraryWithoutMemoryTellsWhatHoldsIt() {
    String text = String.join("\n", told("no room for cuBLAS"));
    assertTrue(text.matches("(?s).*rule: 0\\.0 MiB in [1-9] buffers in use, .*"), text);
    assertTrue(text.contains(" of 20.0 MiB may be used, "), text);
  }

  @Test
  void whatWaitsInThePoolMakesRoomForLibraries() {
    assertEquals(List.of("0", "2.0, pooled: 512"), told("room for cuBLAS"));
  }

  @Test
  void noMoreIsUsedThanIsAllowed() {
    String text = String.join("\n", told("memory capped"));
    assertTrue(text.contains("40.0 MiB of 1024.0 MiB may be used, 994.0 MiB free"), text);
  }

  /**
   * A card that holds the gallery reads it once. The other reads it for each of seven questions,
   * and for two of these, whose answers are all rows, for each two of five queries.
   */
  @ParameterizedTest
  @EnumSource(names = {"SQUARED", "COSINE"})
  void aGalleryLargerThanTheCardStreamsThroughIt(Distance f) {
    assertEquals(
        List.of("0", "the same answers, gallery read whole: 1, in pieces: 11"),
        told("larger gallery by " + f));
  }

  @ParameterizedTest
  @EnumSource
  void aFaultIsToldWithTheKernelLaunchedBefore(StandInFaults fault) {
    List<String> lines = told("fault told by " + fault);
    assertTrue(
        lines.get(1).contains("; the last kernel launched before was unary_exp (with CUDA_"),
        lines::toString);
  }

  @Test
  void severalDevicesShareTheCardOnSeveralThreads() {
    String gone = "closed, this device was closed already";
    assertEquals(List.of("0", "10.0, " + gone), told("devices"));
    assertEquals(List.of("0", gone), told("lost elsewhere"));
  }

  /** Four algorithms may be taken for y here, two for dx and one for dw. */
  @ParameterizedTest
  @CsvSource({
    "FORWARD, 3 right, cudnnConvolutionForward",
    "GRAD_INPUT, 1 right, cudnnConvolutionBackwardData",
    "GRAD_WEIGHT, 0 right, cudnnConvolutionBackwardFilter"
  })
  void anAlgorithmThatIsRefusedGivesWayToTheNextForGood(String call, String right, String name) {
    String text = told("refused " + call).get(1);
    assertTrue(text.startsWith(right + ", then " + name + " of Conv[n=1, c=64,"), text);
    assertTrue(text.endsWith(": cuDNN supports no algorithm for it that repeats its bits"), text);
  }

  @Test
  void aBiasIsAddedWhereCudnnCannot() {
    assertEquals(List.of("0", "refused: true, unsupported: true, too large: true"), told("biases"));
  }

  /** None of the five hundred waits for the card. */
  @Test
  void smallUploadsShareAPiece() {
    assertEquals(List.of("0", "500 of 500 arrived"), told("small uploads"));
  }

  @Test
  void uploadsWaitUntilTheirPieceIsFree() {
    assertEquals(List.of("0", "16 of 16 arrived"), told("large uploads"));
  }

  /** While the host reads one piece, the next is under way. */
  @Test
  void aDownloadQueuesTheNextPieceBeforeItReadsTheLast() {
    assertEquals(List.of("0", "nothing"), told("second piece refused"));
  }

  /** A damaged file of the cache is compiled again, once. */
  @Test
  void whatIsWellStaysWell() {
    Set<String> well = new TreeSet<>();
    TOLD.forEach(
        (name, lines) -> {
          if (lines.equals(List.of("0"))) {
            well.add(name);
          }
        });
    assertEquals(
        Set.of(
            "well",
            "well after all that",
            "compiled",
            "from the cache",
            "damaged cache",
            "mended cache"),
        well);
    assertEquals(List.of("0", "{}"), told("left over"));
  }
}

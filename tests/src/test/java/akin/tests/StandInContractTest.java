package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * JCuda's own natives on stand-ins for NVIDIA's libraries: the backend {@code cuda} as it ships
 * keeps the contract, and gives everything back.
 */
class StandInContractTest {
  /**
   * What the methods begin with that are tried. The searcher and the plans take minutes, and launch
   * no kernel in a way that the others do not: {@code -Dakin.standin.methods=searcher,plan}.
   */
  private static final String METHODS =
      System.getProperty(
          "akin.standin.methods",
          "allocate,release,memory,upload,download,fill,copy,affine,unary,binary,update,random,"
              + "reduce,permute,gather,scatter,topK,matmul,distances,conv2d,pool2d,batchNorm,"
              + "layerNorm,normalize,softmax,close");

  @TempDir static Path libraries;

  /** On one JDK; the other loads the same natives in {@link StandInFailuresTest}. */
  @Test
  @EnabledForJreRange(max = JRE.JAVA_17)
  void cudaKeepsTheContractAndGivesEverythingBack() throws Exception {
    StandIns.buildInto(libraries);
    List<String> options = new ArrayList<>(ChildJvm.VECTORS);
    options.addAll(List.of("-Xmx1g", "-Dakin.cuda.libraries=" + libraries));
    List<String> lines = ChildJvm.lines(options, StandInContract.class, METHODS);
    assertEquals(List.of("cuda (Stand-in card, sm_86)", "left over: {}"), lines);
  }
}

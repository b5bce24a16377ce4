package akin.cuda.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Layer norm and lines of length 1 lay threads over rows by the same code. It stands in both files:
 * a file of kernels is read, compiled, and shown line by line as one text.
 */
class RowTeamsTest {
  private static String teams(KernelFile file) {
    String source = file.source();
    int rows = source.indexOf("#define ROWS");
    return source.substring(source.indexOf("#define FULL"), source.indexOf("\n\n", rows));
  }

  @Test
  void bothFilesHaveTheSame() {
    String teams = teams(KernelFile.LAYER_NORM);
    assertTrue(teams.contains("struct Lanes") && teams.contains("struct Block"), teams);
    assertEquals(teams, teams(KernelFile.UNIT_LINES));
  }
}

package akin.cuda.jcuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache that cannot be written to costs time, and nothing else. */
class CubinCacheTest {
  private static final byte[] CUBIN = {1, 2, 3};

  @TempDir Path caches;

  private List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(p -> p.getFileName().toString()).toList();
    }
  }

  @Test
  void whatIsWrittenIsSealed() throws IOException {
    Path kept = caches.resolve("kernels").resolve("unary-sm_86.cubin");
    CubinCache.write(kept, CUBIN);
    CubinCache.write(kept, CUBIN); // as another process may have meanwhile
    assertArrayEquals(CubinCache.sealed(CUBIN), Files.readAllBytes(kept));
    assertEquals(List.of("unary-sm_86.cubin"), files(kept.getParent()));
  }

  /** Where the name is taken, as where the disk is full, no half file stays behind. */
  @Test
  void aWriteThatFailsLeavesNothing() throws IOException {
    Path kept = caches.resolve("unary-sm_86.cubin");
    Files.createDirectories(kept.resolve("in the way"));
    CubinCache.write(kept, CUBIN);
    assertEquals(List.of("unary-sm_86.cubin"), files(caches));
  }

  @Test
  void aFolderThatIsAFileIsPassedOver() throws IOException {
    Path file = Files.createFile(caches.resolve("kernels"));
    CubinCache.write(file.resolve("unary-sm_86.cubin"), CUBIN);
    assertEquals(0, Files.size(file));
  }
}

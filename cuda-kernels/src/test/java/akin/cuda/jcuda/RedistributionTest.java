package akin.cuda.jcuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacking what is needed, once, whole or not at all. */
class RedistributionTest {
  private static final List<String> FILES = List.of("libcublasLt.so.11", "libcublas.so.11");

  @TempDir Path folder;
  private final byte[] library = new byte[100_000];
  private Path jar;

  @BeforeEach
  void packAJar() throws IOException {
    for (int i = 0; i < library.length; i++) {
      library[i] = (byte) (i * i);
    }
    jar = folder.resolve("cuda-11.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file)) {
      for (String name : List.of("libcublas.so.11", "libcublasLt.so.11", "libcufft.so.10")) {
        entries.putNextEntry(new JarEntry("org/bytedeco/cuda/linux-x86_64/" + name));
        entries.write(library);
      }
    }
  }

  private Redistribution redistribution() throws IOException {
    return new Redistribution(folder.resolve("caches"), new JarFile(jar.toFile()));
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  void onlyWhatIsNeededIsUnpackedAndOnlyOnce() throws IOException {
    Redistribution place = redistribution();
    assertTrue(place.has("libcublas.so.11"));
    assertFalse(place.has("libcudnn.so.8"));
    Path there = place.folder(FILES);
    assertEquals(Set.of(".lock", "libcublas.so.11", "libcublasLt.so.11"), names(there));
    assertArrayEquals(library, Files.readAllBytes(there.resolve("libcublas.so.11")));

    FileTime longAgo = FileTime.fromMillis(0);
    Files.setLastModifiedTime(there.resolve("libcublas.so.11"), longAgo);
    assertEquals(there, redistribution().folder(FILES));
    assertEquals(longAgo, Files.getLastModifiedTime(there.resolve("libcublas.so.11")));
  }

  @Test
  void aFileOfAnotherLengthIsReplaced() throws IOException {
    Path there = redistribution().folder(FILES);
    Files.write(there.resolve("libcublas.so.11"), new byte[10]);
    redistribution().folder(FILES);
    assertArrayEquals(library, Files.readAllBytes(there.resolve("libcublas.so.11")));
  }

  @Test
  void severalAtOnceDoNotDisturbEachOther() throws IOException {
    Redistribution place = redistribution();
    List<byte[]> read =
        IntStream.range(0, 8)
            .parallel()
            .mapToObj(
                i -> {
                  try {
                    return Files.readAllBytes(place.folder(FILES).resolve(FILES.get(i % 2)));
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                })
            .toList();
    read.forEach(bytes -> assertArrayEquals(library, bytes));
  }
}

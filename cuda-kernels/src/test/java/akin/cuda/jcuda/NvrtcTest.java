package akin.cuda.jcuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akin.cuda.device.DeviceException;
import akin.cuda.device.DeviceException.Kind;
import akin.cuda.kernel.KernelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real compiler on all kernels; it needs no card. Runs in {@code mvn -Pcuda}; {@code
 * -Dakin.write.ptx=true} writes the PTX instead of comparing it.
 */
class NvrtcTest {
  /** The release that makes the committed PTX. */
  private static final String RELEASE = "11.8";

  private static Nvrtc nvrtc;

  @TempDir Path caches;

  @BeforeAll
  static void load() {
    nvrtc = ofTheProfile();
  }

  /** The compiler that the profile cuda brings; without it the test is left out. */
  static Nvrtc ofTheProfile() {
    Redistribution jar = new Redistribution(CacheFolder.path());
    assumeTrue(jar.has(Part.NVRTC.file()), "NVRTC is not on the class path; mvn -Pcuda brings it");
    return Nvrtc.open(new Libraries(List.of(), List.of(jar))).orElseThrow();
  }

  static Stream<KernelFile> files() {
    return Arrays.stream(KernelFile.values()).filter(NvrtcTest::written);
  }

  private static boolean written(KernelFile file) {
    return Files.exists(resource(file.stem() + ".cu"));
  }

  private static Path resource(String name) {
    return Path.of(
        System.getProperty("akin.root"), "cuda-kernels/src/main/resources/akin/cuda/kernels", name);
  }

  @ParameterizedTest
  @MethodSource("files")
  void committedPtxIsWhatTheCompilerMakes(KernelFile file) throws IOException {
    assumeTrue(nvrtc.version().equals(RELEASE), "PTX is committed of " + RELEASE);
    String ptx = nvrtc.ptx(file.stem() + ".cu", file.source(), KernelFile.OLDEST);
    if (Boolean.getBoolean("akin.write.ptx")) {
      Files.writeString(resource(file.stem() + ".ptx"), ptx);
    }
    assertEquals(ptx, Files.readString(resource(file.stem() + ".ptx")));
  }

  @Test
  void cardsBeyondTheCompilerGetPtx() {
    assertTrue(nvrtc.makes("sm_90"));
    CubinCache cache = new CubinCache(caches, () -> Optional.of(nvrtc));
    assertEquals(Optional.empty(), cache.cubin(KernelFile.UNARY, "sm_120"));
  }

  @Test
  void aSourceThatDoesNotCompileIsShownWithItsLine() {
    String source = "extern \"C\" __global__ void f(float *y) {\n  y[0] = x;\n}\n";
    DeviceException e =
        assertThrows(DeviceException.class, () -> nvrtc.cubin("wrong.cu", source, "sm_80"));
    assertEquals(Kind.COMPILE, e.kind());
    assertTrue(e.getMessage().contains("wrong.cu does not compile for sm_80 with NVRTC "));
    assertTrue(e.getMessage().contains("identifier \"x\" is undefined"), e.getMessage());
    assertTrue(e.getMessage().contains("2 |   y[0] = x;"), e.getMessage());
  }

  @Test
  void machineCodeIsKeptAndADamagedFileIsMadeAgain() throws IOException {
    AtomicInteger opened = new AtomicInteger();
    CubinCache cache =
        new CubinCache(
            caches,
            () -> {
              opened.incrementAndGet();
              return Optional.of(nvrtc);
            });
    byte[] made = cache.cubin(KernelFile.UPDATE, "sm_75").orElseThrow();
    Path kept = only(caches.resolve("kernels"));
    byte[] whole = Files.readAllBytes(kept);

    for (int length : new int[] {0, 31, 32, whole.length - 1}) {
      Files.write(kept, Arrays.copyOf(whole, length));
      assertArrayEquals(made, cache.cubin(KernelFile.UPDATE, "sm_75").orElseThrow());
      assertEquals(kept, only(caches.resolve("kernels")), "no half file is left");
      assertArrayEquals(whole, Files.readAllBytes(kept), "cut at " + length);
    }
    byte[] changed = whole.clone();
    changed[whole.length / 2] ^= 1;
    Files.write(kept, changed);
    assertArrayEquals(made, cache.cubin(KernelFile.UPDATE, "sm_75").orElseThrow());

    // A kept one is read: this one is whole, and no compiler would have made it.
    byte[] other = "another".getBytes(StandardCharsets.UTF_8);
    Files.write(kept, CubinCache.sealed(other));
    assertArrayEquals(other, cache.cubin(KernelFile.UPDATE, "sm_75").orElseThrow());
    cache.cubin(KernelFile.UPDATE, "sm_86");
    try (Stream<Path> files = Files.list(caches.resolve("kernels"))) {
      assertEquals(2, files.count(), "each card has a file of its own");
    }
    assertEquals(1, opened.get());
  }

  @Test
  void aCacheThatCannotBeWrittenToIsDoneWithout() throws IOException {
    Path file = Files.createFile(caches.resolve("file"));
    CubinCache cache = new CubinCache(file, () -> Optional.of(nvrtc));
    assertTrue(cache.cubin(KernelFile.UPDATE, "sm_75").isPresent());
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.get(0);
    }
  }
}

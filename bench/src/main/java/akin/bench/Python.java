package akin.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The peers that Debian's Python brings, and the files that it writes for others. */
final class Python {
  private static final Path OPENBLAS = Path.of("/usr/lib/x86_64-linux-gnu/openblas-openmp");

  private Python() {}

  /**
   * Gives a process the tuned environment of the peers: OpenMP's OpenBLAS, which chooses its
   * kernels itself, huge pages, and memory that is not given back between operators. Without it
   * PyTorch is up to 2.7 times slower.
   */
  static void tune(Map<String, String> environment, int threads) {
    environment.remove("OPENBLAS_CORETYPE");
    environment.remove("OPENBLAS_L2_SIZE");
    for (String library : List.of("OMP", "OPENBLAS", "MKL")) {
      environment.put(library + "_NUM_THREADS", Integer.toString(threads));
    }
    environment.put(
        "GLIBC_TUNABLES",
        "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=8000000000"
            + ":glibc.malloc.top_pad=67108864");
    if (Files.isDirectory(OPENBLAS)) {
      environment.put("LD_LIBRARY_PATH", OPENBLAS.toString());
    }
  }

  /** The libraries that are installed, and their versions; none without Python. */
  static Map<String, String> libraries(Contest.Places places) {
    try {
      Process process = command(places, "versions").start();
      Map<String, String> found =
          new ObjectMapper().readValue(process.getInputStream(), new TypeReference<>() {});
      process.waitFor();
      return found;
    } catch (IOException e) {
      return Map.of(); // no Python, or one that cannot run the script
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the networks lie there as ONNX and TorchScript; they are written if they can be. */
  static boolean exported(Contest.Places places, Map<String, String> libraries) {
    Path last = places.models().resolve("mobilenet_v2.onnx");
    if (Files.exists(last) || !libraries.containsKey("torchvision")) {
      return Files.exists(last);
    }
    try {
      Files.createDirectories(places.models());
      command(places, "export").redirectOutput(places.log().toFile()).start().waitFor();
      return Files.exists(last);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ProcessBuilder command(Contest.Places places, String what) {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                places.python().toString(),
                places.script().toString(),
                what,
                places.models().toString()));
    tune(builder.environment(), 1);
    return builder.redirectError(places.log().toFile());
  }
}

package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Builds the stand-ins for NVIDIA's libraries from their C sources in cuda-kernels. */
final class StandIns {
  private static final List<String> OPTIONS =
      List.of("-std=gnu11", "-O3", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror");

  private final Path sources =
      Path.of(System.getProperty("akin.root"), "cuda-kernels", "src", "test", "c");
  private final Path folder;

  private StandIns(Path folder) {
    this.folder = folder;
  }

  /**
   * Builds all into the folder; a machine without gcc leaves the test out.
   *
   * @param folder empty, to stand for the system's folder of libraries
   */
  static void buildInto(Path folder) throws IOException, InterruptedException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":")).anyMatch(p -> Files.exists(Path.of(p, "gcc"))),
        "no gcc here to build the stand-ins for NVIDIA's libraries with");
    StandIns standIns = new StandIns(folder);
    Path java = Path.of(System.getProperty("java.home"), "include");
    List<String> driver = new ArrayList<>(List.of("-I" + java, "-I" + java.resolve("linux")));
    for (String part : List.of("control", "device", "memory", "stream", "module", "machine")) {
      driver.add(standIns.sources.resolve(part + ".c").toString());
    }
    standIns.build("libcuda.so.1", driver);
    standIns.build("libcublas.so.11", standIns.filesOf("cublas"));
    List<String> dnn =
        standIns.filesOf("dnn_describe", "dnn_choose", "dnn_convolve", "dnn_softmax");
    standIns.build("libcudnn.so.8", dnn);
  }

  /**
   * Builds the compiler of kernels, without which the committed PTX is loaded.
   *
   * @param folder empty
   * @param built where {@link #buildInto} has built
   */
  static void buildCompilerInto(Path folder, Path built) throws IOException, InterruptedException {
    StandIns standIns = new StandIns(folder);
    standIns.build(
        "libnvrtc.so.11.2",
        List.of(standIns.sources.resolve("nvrtc.c").toString(), "-L" + built, "-l:libcuda.so.1"));
  }

  /** The files of a library that stands on libcuda's stand-in. */
  private List<String> filesOf(String... parts) {
    List<String> all = new ArrayList<>();
    for (String part : parts) {
      all.add(sources.resolve(part + ".c").toString());
    }
    all.addAll(List.of("-L" + folder, "-l:libcuda.so.1", "-lm"));
    return all;
  }

  /** JCuda's natives ask for functions in the version that is called like the file. */
  private void build(String name, List<String> arguments) throws IOException, InterruptedException {
    Path versions = folder.resolve(name + ".map");
    Files.writeString(versions, name + " { global: *; };\n");
    List<String> command = new ArrayList<>(List.of("gcc"));
    command.addAll(OPTIONS);
    command.add("-Wl,-soname," + name + ",--version-script=" + versions);
    command.addAll(List.of("-o", folder.resolve(name).toString()));
    command.addAll(arguments);
    Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
    String told;
    try (var output = gcc.inputReader()) {
      told = String.join("\n", output.lines().toList());
    }
    assertEquals(0, gcc.waitFor(), () -> String.join(" ", command) + "\n" + told);
    Files.delete(versions);
  }
}

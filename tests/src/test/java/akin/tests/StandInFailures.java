package akin.tests;

import akin.app.Main;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Distance;
import akin.tests.StandInConvolutions.Call;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Lets the stand-ins fail in each way that libraries, driver and card can, and prints what a user
 * is told: a line for each, its name, the exit code and the text on stderr. Arguments: the folder
 * of the libraries, that of the compiler, a folder to write to.
 */
final class StandInFailures {
  private static final String FOLDERS = "akin.cuda.libraries";
  private static final String[] COMPUTE = {"gradcheck", "matmul", "--cases", "1", "--device"};

  private final Path libraries;
  private final Path compiler;
  private final Path scratch;

  private StandInFailures(String[] args) {
    libraries = Path.of(args[0]);
    compiler = Path.of(args[1]);
    scratch = Path.of(args[2]);
  }

  public static void main(String[] args) throws IOException {
    StandInFailures all = new StandInFailures(args);
    all.missing();
    System.setProperty(FOLDERS, all.libraries.toString());
    computes("well");
    all.refused();
    all.memory();
    gallery();
    convolutions();
    copies();
    tell("devices", 0, StandInDevices.shared());
    all.lost();
    all.kernels();
    all.compiled();
    Map<StandInCard.Kind, Integer> left = StandInCard.live();
    // What a failed command had in use goes with the context.
    left.remove(StandInCard.Kind.ALLOCATION);
    tell("left over", 0, left.toString());
  }

  // ---- libraries; none is loaded yet ----

  private void missing() throws IOException {
    System.setProperty(FOLDERS, scratch.toString());
    computes("no driver");
    Path other = Files.createDirectory(scratch.resolve("other"));
    Files.copy(libraries.resolve("libcuda.so.1"), other.resolve("libcuda.so.1"));
    Files.createFile(other.resolve("libcublas.so.12"));
    System.setProperty(FOLDERS, other.toString());
    computes("another version");
    Path damaged = Files.createDirectory(scratch.resolve("damaged"));
    for (String name : List.of("libcuda.so.1", "libcublas.so.11", "libcudnn.so.8")) {
      Files.writeString(damaged.resolve(name), "cut off");
    }
    System.setProperty(FOLDERS, damaged.toString());
    computes("damaged library");
  }

  // ---- driver and card ----

  private void refused() {
    with("AKIN_STANDIN_DRIVER", "10020", () -> computes("driver too old"));
    with("AKIN_STANDIN_DRIVER", "11040", () -> computes("PTX too new"));
    with("AKIN_STANDIN_CAPABILITY", "61", () -> computes("card too old"));
    with(
        "AKIN_STANDIN_CARDS",
        "0",
        () -> {
          computes("no card");
          run("auto", "auto");
        });
    run("no such card", "cuda:3");
    failing("cuInit:1:999", "driver without an answer");
  }

  // ---- memory ----

  private void memory() {
    with("AKIN_STANDIN_MEMORY", "50331648", () -> exhaust("memory exhausted"));
    with("AKIN_STANDIN_MEMORY", "50331648", StandInFailures::makeRoom);
    System.setProperty("akin.cuda.memory", "40m");
    exhaust("memory capped");
    System.setProperty("akin.cuda.memory", "all");
    computes("no size of memory");
    System.clearProperty("akin.cuda.memory");
    with("AKIN_STANDIN_MEMORY", "20971520", () -> computes("no room for cuBLAS"));
    failing("cuMemAlloc:0:2", "no memory at all");
    failing("cuMemHostAlloc:1:2", "no memory on the host");
  }

  /** Holds 30 MiB and asks for as much again. */
  private static void exhaust(String name) {
    try (Backend cuda = Backends.open("cuda", 1)) {
      Buffer held = cuda.allocate(30 << 18);
      try {
        cuda.allocate(30 << 18);
      } catch (UserError e) {
        tell(name, 1, e.getMessage());
      }
      cuda.release(held);
      held = cuda.allocate(25 << 18); // another size: what waits in the pool must go first
      cuda.release(held);
    }
  }

  /** cuBLAS's workspace is 32 MiB; of 48, 30 wait in the pool when it is first asked for. */
  private static void makeRoom() {
    try (Backend cuda = Backends.open("cuda", 1)) {
      cuda.release(cuda.allocate(30 << 18));
      Buffer x = cuda.allocate(64);
      Buffer y = cuda.allocate(64);
      cuda.fill(x, 0.5);
      cuda.matmul(x, false, x, false, y, 1, 8, 8, 8);
      float[] product = new float[64];
      cuda.download(y, product);
      cuda.release(x);
      cuda.release(y);
      tell("room for cuBLAS", 0, product[0] + ", pooled: " + cuda.memory().pooledBytes());
    } catch (UserError e) {
      tell("room for cuBLAS", 1, e.what());
    }
  }

  private static void gallery() {
    StandInGallery gallery = new StandInGallery();
    for (Distance f : new Distance[] {Distance.SQUARED, Distance.COSINE}) {
      tell("larger gallery by " + f, 0, gallery.compared(f));
    }
  }

  private static void convolutions() {
    for (Call call : new Call[] {Call.FORWARD, Call.GRAD_INPUT, Call.GRAD_WEIGHT}) {
      tell("refused " + call, 0, StandInConvolutions.refused(call));
    }
    tell("biases", 0, StandInConvolutions.biased());
  }

  private static void copies() {
    tell("small uploads", 0, StandInCopies.small());
    tell("large uploads", 0, StandInCopies.large());
    tell("second piece refused", 0, StandInCopies.overlapped());
  }

  // ---- in the middle of work ----

  private void lost() {
    failing("cuMemcpyHtoDAsync:3:214!", "card lost while uploading");
    failing("cuEventSynchronize:2:999!", "card lost while waiting");
    failing("cuEventSynchronize:2:700!", "kernel fault", "add");
    for (StandInFaults fault : StandInFaults.values()) {
      tell("fault told by " + fault, 0, fault.told());
    }
    tell("lost elsewhere", 0, StandInDevices.lost());
    failing("cublasCreate:0:3", "cuBLAS without memory");
    failing("cublasSgemm:1:13!", "cuBLAS failed");
    computes("well after all that");
  }

  private void kernels() {
    failing("cuModuleLoadDataEx:1:218", "PTX that does not compile", "add");
    failing("cuModuleGetFunction:1:500", "kernel that is not there", "add");
    failing("cuLaunchKernel:1:701", "launch that is refused", "add");
  }

  /** The compiler and its cache. */
  private void compiled() throws IOException {
    System.setProperty(FOLDERS, libraries + ":" + compiler);
    failing("nvrtcCompileProgram:1:6", "source that does not compile", "add");
    computes("compiled", "add");
    failing("nvrtcCompileProgram:0:6", "from the cache", "add");
    try (Stream<Path> cache = Files.walk(scratch.resolve("akin"))) {
      for (Path file : cache.filter(f -> f.toString().endsWith(".cubin")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
      }
    }
    failing("nvrtcCompileProgram:0:6", "damaged cache, no compiler", "add");
    computes("damaged cache", "add");
    failing("nvrtcCompileProgram:0:6", "mended cache", "add");
  }

  // ---- how each is run ----

  private static void with(String variable, String value, Runnable scenario) {
    StandInCard.configure(variable, value);
    scenario.run();
    StandInCard.configure(variable, "");
  }

  private static void failing(String plan, String name) {
    failing(plan, name, "matmul");
  }

  private static void failing(String plan, String name, String operator) {
    with("AKIN_STANDIN_FAIL", plan, () -> computes(name, operator));
  }

  private static void computes(String name) {
    computes(name, "matmul");
  }

  private static void computes(String name, String operator) {
    run(name, "gradcheck", operator, "--cases", "1", "--device", "cuda");
  }

  /** Runs a command as the command line does. */
  private static void run(String name, String... args) {
    String[] command = args;
    if (args.length == 1) {
      command = Stream.concat(Stream.of(COMPUTE), Stream.of(args)).toArray(String[]::new);
    }
    StringWriter err = new StringWriter();
    PrintStream usual = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    int code;
    try {
      code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), command);
    } finally {
      System.setErr(usual);
    }
    tell(name, code, bytes.toString(StandardCharsets.UTF_8) + err);
  }

  private static void tell(String name, int code, String text) {
    List<String> parts = new ArrayList<>(List.of(name, Integer.toString(code)));
    text.lines().forEach(parts::add);
    System.out.println(String.join("\t|", parts));
  }
}

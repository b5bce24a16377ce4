package akin.cuda.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** The CUDA sources that are written by a program, as a table of functions has one kernel each. */
public final class GeneratedSources {
  private GeneratedSources() {}

  /** The text of each. */
  public static Map<KernelFile, String> all() {
    Map<KernelFile, String> all = new EnumMap<>(KernelFile.class);
    all.put(KernelFile.UNARY, UnarySource.values());
    all.put(KernelFile.UNARY_GRAD, UnarySource.slopes());
    all.put(KernelFile.BINARY, BinarySource.values());
    all.put(KernelFile.BINARY_GRAD, BinarySource.slopes());
    return all;
  }

  /**
   * Writes them anew; their PTX must be made anew then.
   *
   * @param args the folder of the kernels
   */
  public static void main(String[] args) throws IOException {
    for (Map.Entry<KernelFile, String> file : all().entrySet()) {
      Files.writeString(Path.of(args[0], file.getKey().stem() + ".cu"), file.getValue());
    }
  }
}

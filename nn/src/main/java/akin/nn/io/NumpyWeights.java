package akin.nn.io;

import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Arrays of NumPy: one alone ({@code .npy}), or several in a zip archive ({@code .npz}). */
final class NumpyWeights implements WeightFile {
  private static final String SUFFIX = ".npy";
  private static final int LONGEST_NAME = 1024;

  private final Path file;
  private final String format;
  private final Runnable closing;
  private final Map<String, StoredArray> entries = new LinkedHashMap<>();

  private NumpyWeights(Path file, String format, Runnable closing) {
    this.file = file;
    this.format = format;
    this.closing = closing;
  }

  /** Whether an archive holds such arrays and nothing else. */
  static boolean is(Archive archive) {
    return !archive.names().isEmpty()
        && archive.names().stream().allMatch(name -> name.endsWith(SUFFIX));
  }

  /** An archive of arrays; closed with the result. */
  static WeightFile open(Archive archive, long fileBytes) {
    NumpyWeights weights = new NumpyWeights(archive.file(), "NumPy npz", archive::close);
    for (String name : archive.names()) {
      String array = name.substring(0, name.length() - SUFFIX.length());
      if (array.length() > LONGEST_NAME) {
        throw UserError.of("an array's name is too long")
            .at(archive.file())
            .rule("at most " + LONGEST_NAME + " letters");
      }
      ByteSource source = archive.source(name);
      NpyHeader header = NpyHeader.read(archive.file(), array, source, archive.size(name));
      weights.entries.put(array, header.array(archive.file(), array, source));
    }
    Growth.of(archive.file(), fileBytes).check(weights.entries.values());
    return weights;
  }

  /** One array, named after its file. */
  static WeightFile open(Path file, ByteSource source, long size, Runnable closing) {
    NumpyWeights weights = new NumpyWeights(file, "NumPy npy", closing);
    String name = file.getFileName().toString().replaceFirst("\\.npy$", "");
    weights.entries.put(name, NpyHeader.read(file, name, source, size).array(file, name, source));
    return weights;
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public Map<String, Entry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public void close() {
    closing.run();
  }
}

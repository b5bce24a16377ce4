package akin.cuda.jcuda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder of the file system. */
record Folder(Path path) implements Place {
  @Override
  public boolean has(String file) {
    return Files.isRegularFile(path.resolve(file));
  }

  @Override
  public Path folder(List<String> files) {
    return path;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}

package akin.nn.io;

import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.Collection;

/**
 * How much a file may grow when it is read. Arrays that share their elements, and compressed ones,
 * take more memory than the file; a file made to hurt takes thousands of times as much.
 */
public record Growth(Path file, long most) {
  private static final int FACTOR = 16;
  private static final long SMALL = 1 << 20;

  /** The bound for a file of so many bytes: 16 times as much, and always a mebibyte. */
  public static Growth of(Path file, long bytes) {
    return new Growth(file, Math.max(SMALL, FACTOR * bytes));
  }

  /**
   * @throws UserError if the values of all arrays together would take more than the bound
   */
  public void check(Collection<StoredArray> arrays) {
    long memory = 0;
    for (StoredArray array : arrays) {
      memory += array.memory();
      check(memory, "its arrays");
    }
  }

  /**
   * @throws UserError if {@code bytes} are more than the bound
   */
  public void check(long bytes, String what) {
    if (bytes < 0 || bytes > most) {
      throw UserError.of("the file would take too much memory")
          .at(file)
          .rule(what + " take at most " + most + " bytes, 16 times the file; found " + bytes)
          .mend("such a file is damaged, or made to hurt");
    }
  }
}

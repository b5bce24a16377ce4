package akin.cuda.sim.ptx;

/**
 * A place in the CUDA source that a {@code .loc} names.
 *
 * @param file the source's name
 * @param line its line, from 1
 */
public record Source(String file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}

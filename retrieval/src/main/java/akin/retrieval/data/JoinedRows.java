package akin.retrieval.data;

import akin.tensor.backend.Vectors;
import java.util.List;

/** The rows of several sources, one source after the other. */
final class JoinedRows implements Vectors {
  private final List<Vectors> parts;
  private final int count;

  /** Joins sources of equal width. */
  JoinedRows(List<Vectors> parts) {
    this.parts = List.copyOf(parts);
    this.count = parts.stream().mapToInt(Vectors::count).reduce(0, Math::addExact);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int width() {
    return parts.get(0).width();
  }

  @Override
  public void read(int first, int rows, float[] to, int at) {
    int begin = 0;
    for (Vectors part : parts) {
      int from = Math.max(first, begin);
      int end = Math.min(first + rows, begin + part.count());
      if (from < end) {
        part.read(from - begin, end - from, to, at + (from - first) * width());
      }
      begin += part.count();
    }
  }
}

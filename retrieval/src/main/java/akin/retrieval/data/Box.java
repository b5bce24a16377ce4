package akin.retrieval.data;

/**
 * A part of a picture: columns from {@code left} to before {@code right}, rows from {@code top} to
 * before {@code bottom}, counted from 0.
 */
public record Box(int left, int top, int right, int bottom) {
  /** Checks that there is something in it. */
  public Box {
    if (left < 0 || top < 0 || right <= left || bottom <= top) {
      throw new IllegalArgumentException(
          "a box from (%d, %d) to (%d, %d)".formatted(left, top, right, bottom));
    }
  }

  /** As it stands in names: {@code left,top,right,bottom}. */
  @Override
  public String toString() {
    return left + "," + top + "," + right + "," + bottom;
  }
}

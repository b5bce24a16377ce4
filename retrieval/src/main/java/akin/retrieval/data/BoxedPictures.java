package akin.retrieval.data;

import akin.tensor.UserError;
import java.util.List;
import java.util.Optional;

/** Pictures cut to their boxes. A box that reaches over the edge is cut there, too. */
final class BoxedPictures extends DatasetView {
  private final List<Optional<Box>> boxes;

  /**
   * @param boxes one a picture; without one it stays whole
   */
  BoxedPictures(Dataset source, List<Optional<Box>> boxes) {
    super(source);
    this.boxes = List.copyOf(boxes);
  }

  @Override
  public Optional<Box> box(int i) {
    return boxes.get(i);
  }

  @Override
  public Image image(int i) {
    Image image = source.image(i);
    return boxes.get(i).map(box -> cut(image, box, i)).orElse(image);
  }

  private Image cut(Image image, Box box, int i) {
    int right = Math.min(box.right(), image.width());
    int bottom = Math.min(box.bottom(), image.height());
    if (box.left() >= right || box.top() >= bottom) {
      throw UserError.of("the box lies outside of the picture")
          .at(id(i))
          .rule("the picture has %d × %d pixels".formatted(image.width(), image.height()));
    }
    return image.crop(box.left(), box.top(), right - box.left(), bottom - box.top());
  }

  @Override
  public String stamp(int i) {
    return source.stamp(i) + boxes.get(i).map(box -> " " + box).orElse("");
  }

  @Override
  public void load(int i, Preprocessing preprocessing, float[] out, int offset) {
    preprocessing.normalize(shaped(i, preprocessing), out, offset);
  }
}

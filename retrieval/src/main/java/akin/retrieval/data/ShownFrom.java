package akin.retrieval.data;

import akin.tensor.UserError;
import java.util.HashMap;
import java.util.Map;

/** A data set whose pictures are looked up, by their ids, in another one. */
final class ShownFrom extends DatasetView {
  private final Dataset pictures;
  private final Map<String, Integer> rows = new HashMap<>();

  ShownFrom(Dataset source, Dataset pictures) {
    super(source);
    this.pictures = pictures;
    for (int i = 0; i < pictures.size(); i++) {
      rows.put(pictures.id(i), i);
    }
  }

  @Override
  public boolean showsPictures() {
    return pictures.showsPictures();
  }

  @Override
  public Image image(int i) {
    Integer row = rows.get(id(i));
    if (row == null) {
      throw UserError.of("there is no picture " + id(i))
          .at(pictures.name())
          .rule("a picture of each name in " + source.name())
          .mend("give the data set that the features were made of: --data DIR");
    }
    return pictures.image(row);
  }
}

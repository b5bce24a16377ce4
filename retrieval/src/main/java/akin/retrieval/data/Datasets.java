package akin.retrieval.data;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Opens data sets and divides them. */
public final class Datasets {
  /** How a data set lies on disk. */
  public enum Layout {
    /** Find out. */
    AUTO,
    /** A folder of IDX files: MNIST, Fashion-MNIST. */
    IDX,
    /** A folder with {@code Anno}, {@code Eval} and {@code Img}, as CelebA has. */
    CELEBA,
    /** A folder per class. */
    FOLDER,
    /** Cars-196: a folder with {@code cars_annos.mat}. */
    CARS,
    /** Cars-196, pictures cut to the boxes of their cars. */
    CARS_BOXES,
    /** A CSV file that lists pictures. */
    CSV,
    /** A safetensors file of what a backbone made of pictures. */
    FEATURES
  }

  private Datasets() {}

  /**
   * Opens a data set, checking its lists; pictures are decoded only when asked for.
   *
   * <table>
   * <caption>What each layout looks like</caption>
   * <tr><td>IDX</td><td>{@code train-images-idx3-ubyte[.gz]}, {@code train-labels-idx1-ubyte[.gz]},
   *     {@code t10k-…}; splits TRAIN and TEST, classes, grey pictures</td></tr>
   * <tr><td>CELEBA</td><td>{@code Anno/list_attr_celeba.txt}, {@code
   *     Eval/list_eval_partition.txt}, {@code Img/img_align_celeba/}, and, if there, {@code
   *     Anno/identity_CelebA.txt}; attributes, splits, persons as classes</td></tr>
   * <tr><td>FOLDER</td><td>{@code DIR/class/picture.jpg} or {@code DIR/train/class/picture.jpg};
   *     classes, maybe splits</td></tr>
   * <tr><td>CARS, CARS_BOXES</td><td>{@code cars_annos.mat} and {@code car_ims/}; 196 classes, of
   *     which the first 98 are TRAIN, the others TEST</td></tr>
   * <tr><td>CSV</td><td>a file with the columns {@code path}, {@code label}, {@code split}, {@code
   *     attributes} (names that hold, blanks between), {@code is_query}, {@code is_gallery}, {@code
   *     category}, {@code sequence}, {@code domain}, {@code x_1}, {@code y_1}, {@code x_2}, {@code
   *     y_2}, all but the first optional</td></tr>
   * </table>
   *
   * @param where a folder, or the CSV file
   * @throws UserError if there is no such data set or its lists contradict each other, with file
   *     and line
   */
  public static Dataset open(Path where, Layout layout) {
    if (!Files.exists(where)) {
      throw UserError.of("there is no such file or folder")
          .at(where)
          .mend("give the data set's folder, or the CSV file that lists its pictures");
    }
    return switch (layout == Layout.AUTO ? detect(where) : layout) {
      case IDX -> IdxReader.read(where);
      case CELEBA -> CelebaReader.read(where);
      case FOLDER -> FolderReader.read(where);
      case CARS -> CarsReader.read(where, false);
      case CARS_BOXES -> CarsReader.read(where, true);
      case CSV -> CsvReader.read(where);
      case FEATURES -> FeatureFile.read(where);
      case AUTO -> throw new IllegalStateException("detect never answers AUTO");
    };
  }

  private static Layout detect(Path where) {
    if (CsvReader.fits(where)) {
      return Layout.CSV;
    }
    if (FeatureFile.fits(where)) {
      return Layout.FEATURES;
    }
    if (CelebaReader.fits(where)) {
      return Layout.CELEBA;
    }
    if (CarsReader.fits(where)) {
      return Layout.CARS;
    }
    if (IdxReader.fits(where)) {
      return Layout.IDX;
    }
    if (FolderReader.fits(where)) {
      return Layout.FOLDER;
    }
    throw UserError.of("no data set of a known layout")
        .at(where)
        .rule(
            "looked for a file *.csv, Anno/list_attr_celeba.txt, cars_annos.mat,"
                + " train-images-idx3-ubyte[.gz], t10k-images-idx3-ubyte[.gz], and class/picture.jpg or .png")
        .mend("give the folder that holds one of these, or the CSV file itself");
  }

  /**
   * Moves a random share of one split into another, such as a tenth of TRAIN into VALIDATION:
   * ⌊share · n + ½⌋ of its n pictures. The same seed moves the same ones. ALL stands for the
   * pictures that are in no split.
   */
  public static Dataset move(Dataset dataset, Split from, Split to, double share, long seed) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share lies between 0 and 1, not " + share);
    }
    int[] members = members(dataset, from);
    int[] order = RandomStream.of(seed, "move/" + from + "/" + to).permutation(members.length);
    Split[] splits = new Split[dataset.size()];
    Arrays.setAll(splits, dataset::split);
    for (int k = 0; k < Math.round(share * members.length); k++) {
      splits[members[order[k]]] = to;
    }
    return new Moved(dataset, splits);
  }

  /** The pictures whose own split this is: for ALL those that have none. */
  private static int[] members(Dataset dataset, Split split) {
    return Arrays.stream(dataset.indices(Split.ALL))
        .filter(i -> dataset.split(i) == split)
        .toArray();
  }

  /** The same pictures in other splits. */
  private static final class Moved extends DatasetView {
    private final Split[] splits;

    Moved(Dataset source, Split[] splits) {
      super(source);
      this.splits = splits;
    }

    @Override
    public Split split(int i) {
      return splits[i];
    }
  }
}

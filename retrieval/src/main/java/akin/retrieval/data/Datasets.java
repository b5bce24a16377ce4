package akin.retrieval.data;

import akin.tensor.RandomStream;
import akin.tensor.UserError;
import com.fasterxml.jackson.annotation.JsonAlias;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
    FEATURES,
    /** MDFE's M4D-35k: {@code m4d-35k_train.csv}. */
    @JsonAlias("m4d-35k")
    M4D_35K,
    /** Products-10K: {@code products-10k/train.csv}. */
    PRODUCTS_10K,
    /** Google Landmarks v2: {@code google_landmark_recognition_2021/train.csv}. */
    GLDV2,
    /** Shopee's product matching: {@code shopee/train.csv}. */
    SHOPEE,
    /** H&amp;M's personalised fashion: {@code hm_personalized_fashion/articles.csv}. */
    HM,
    /** RP2K: {@code rp2k/train.csv}. */
    RP2K,
    /** Stanford Online Products: {@code stanford_online_products/Ebay_train.txt}. */
    SOP,
    /** Fashion200k: {@code fashion200k/train.csv}. */
    FASHION200K,
    /** The Food Recognition Benchmark of 2022: {@code fr22_train_v2/train.csv}. */
    FOOD_REC22,
    /** Stanford Cars, its training half: {@code stanford_cars/sc_train.csv}. */
    STANFORD_CARS,
    /** DeepFashion2: {@code deepfashion2/train.csv}. */
    DEEP_FASHION2,
    /** Food-101: {@code food-101/meta/train.json}. */
    FOOD101,
    /** Furniture-180: {@code furniture_180/…_train.csv}. */
    FURNITURE180,
    /** Storefronts-146: {@code storefronts_146/…_train.csv}. */
    STOREFRONTS146,
    /** DeepFashion, consumer to shop; what its list looks like is not known. */
    DEEP_FASHION,
    /** The Met; what its list looks like is not known. */
    MET_ART;

    /** The layout of that name; case, {@code -} and {@code _} do not matter. */
    public static Optional<Layout> named(String name) {
      String plain = name.strip().toUpperCase(Locale.ROOT).replace('-', '_');
      return Arrays.stream(values()).filter(layout -> layout.name().equals(plain)).findFirst();
    }

    /** As it stands in recipes and on the command line. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
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
   * <tr><td>M4D_35K to STOREFRONTS146</td><td>the sets that MDFE joins, as they are published, in
   *     folders of fixed names</td></tr>
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
    Layout known = layout == Layout.AUTO ? detect(where) : layout;
    return switch (known) {
      case IDX -> IdxReader.read(where);
      case CELEBA -> CelebaReader.read(where);
      case FOLDER -> FolderReader.read(where);
      case CARS -> CarsReader.read(where, false);
      case CARS_BOXES -> CarsReader.read(where, true);
      case CSV -> CsvReader.read(where);
      case FEATURES -> FeatureFile.read(where);
      case FOOD101 -> FoodReader.read(where);
      case DEEP_FASHION -> throw unknown(known, "deepfashion/deepfashion_train.json");
      case MET_ART -> throw unknown(known, "met_dataset/ground_truth/MET_database.json");
      case M4D_35K,
          PRODUCTS_10K,
          GLDV2,
          SHOPEE,
          HM,
          RP2K,
          SOP,
          FASHION200K,
          FOOD_REC22,
          STANFORD_CARS,
          DEEP_FASHION2,
          FURNITURE180,
          STOREFRONTS146 ->
          TableReader.read(where, TableSet.of(known));
      case AUTO -> throw new IllegalStateException("detect never answers AUTO");
    };
  }

  /**
   * Several data sets as one. The labels of each come after those of the sets before it, so the
   * number of classes is the sum; classes and pictures are named {@code set/name}, and the {@link
   * Grouping#DOMAIN} of a picture is its set. Where any set says what is for training, one that
   * says nothing is for training. Attributes are those of all sets, if all have the same.
   *
   * @param sets by name, in order
   * @throws UserError if a set or a picture is there twice, or some sets are features and others
   *     pictures
   */
  public static Dataset join(Map<String, Dataset> sets) {
    return new JoinedPictures(sets);
  }

  private static UserError unknown(Layout layout, String list) {
    return UserError.of("what the list of " + layout.label() + " looks like is not known")
        .at(list)
        .rule("the source system reads this file; what is in it, it does not say")
        .mend("write a CSV list with the columns path and label, and use layout: csv");
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
        .mend("give the folder that holds one of these, the CSV file itself, or the layout");
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

  /**
   * The same data set, its pictures shown from another one that has the same ids: features know
   * only where the pictures lay that they were made of.
   */
  public static Dataset shownFrom(Dataset dataset, Dataset pictures) {
    return new ShownFrom(dataset, pictures);
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

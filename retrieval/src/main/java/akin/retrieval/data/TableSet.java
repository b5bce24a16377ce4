package akin.retrieval.data;

import akin.retrieval.data.Datasets.Layout;
import java.util.List;

/**
 * A data set that a table lists, as the facts of it: the sets that MDFE joins differ in nothing
 * else. Each maps its sorted class ids to numbers from 0.
 *
 * @param layout its name
 * @param home the set's folder in the root of all sets; empty for the root itself
 * @param pictures what paths are relative to, in its home
 * @param list the table of training pictures, in its home; a {@code *} stands for any letters
 * @param image the column of the picture
 * @param label the column of the class
 * @param known what is odd about it
 */
record TableSet(
    Layout layout,
    String home,
    String pictures,
    String list,
    String image,
    String label,
    Oddity known) {

  /** In what a list differs from a plain table of paths. */
  enum Oddity {
    /** In nothing. */
    NONE,
    /** The column has an id, and the picture lies at {@code a/b/c/abc….jpg}. */
    SPREAD,
    /** The column has an article's ten digits, and the picture, if any, is {@code 012/012….jpg}. */
    ARTICLES,
    /** Some pictures are listed several times. */
    REPEATS,
    /** Fields have blanks between; there is a list of test pictures, too, and super classes. */
    PRODUCTS
  }

  /** The list of test pictures beside a list of {@link Oddity#PRODUCTS}. */
  static final String TEST_LIST = "Ebay_test.txt";

  /** The class of the class in a list of {@link Oddity#PRODUCTS}. */
  static final String SUPER_CLASS = "super_class_id";

  private static final String CARS = "cars_train/cars_train";
  private static final String LANDMARKS = "google_landmark_recognition_2021";

  /** The sets whose tables are known. */
  static final List<TableSet> ALL =
      List.of(
          of(Layout.M4D_35K, "", "", "m4d-35k_train.csv", "img_path", "label"),
          of(Layout.PRODUCTS_10K, "products-10k", "train", "train.csv", "name", "class"),
          of(Layout.GLDV2, LANDMARKS, "train", "train.csv", "id", "landmark_id").but(Oddity.SPREAD),
          of(Layout.SHOPEE, "shopee", "train_images", "train.csv", "image", "label_group")
              .but(Oddity.REPEATS),
          of(
                  Layout.HM,
                  "hm_personalized_fashion",
                  "images",
                  "articles.csv",
                  "article_id",
                  "product_code")
              .but(Oddity.ARTICLES),
          of(Layout.RP2K, "rp2k", "train", "train.csv", "img_path", "img_id"),
          of(Layout.SOP, "stanford_online_products", "", "Ebay_train.txt", "path", "class_id")
              .but(Oddity.PRODUCTS),
          of(Layout.FASHION200K, "fashion200k", "", "train.csv", "img_path", "img_id"),
          of(Layout.FOOD_REC22, "fr22_train_v2", "", "train.csv", "img_path", "label"),
          of(Layout.STANFORD_CARS, "stanford_cars", CARS, "sc_train.csv", "image", "Label"),
          of(Layout.DEEP_FASHION2, "deepfashion2", "", "train.csv", "img_path", "label"),
          of(Layout.FURNITURE180, "furniture_180", "", "*_train.csv", "img_path", "label"),
          of(Layout.STOREFRONTS146, "storefronts_146", "", "*_train.csv", "img_path", "label"));

  /** The facts of a layout; null if no table lists it. */
  static TableSet of(Layout layout) {
    return ALL.stream().filter(set -> set.layout == layout).findFirst().orElse(null);
  }

  private static TableSet of(
      Layout layout, String home, String pictures, String list, String image, String label) {
    return new TableSet(layout, home, pictures, list, image, label, Oddity.NONE);
  }

  private TableSet but(Oddity odd) {
    return new TableSet(layout, home, pictures, list, image, label, odd);
  }
}

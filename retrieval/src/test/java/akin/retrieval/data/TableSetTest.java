package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Datasets.Layout;
import akin.tensor.backend.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The sets that MDFE joins, in small, with lists as they are published. */
class TableSetTest {
  @TempDir Path root;
  private DataFolder folder;

  @BeforeEach
  void folder() {
    folder = new DataFolder(root);
  }

  /**
   * A set of three classes with four pictures; the second and the third are of one class.
   *
   * @param list its table's place
   * @param home its folder
   * @param pictures where the four lie, below the root
   * @param classes in order
   */
  private record Sample(
      Layout layout,
      String list,
      String home,
      List<String> lines,
      List<String> pictures,
      List<String> classes,
      int... labels) {
    @Override
    public String toString() {
      return layout.label();
    }
  }

  static Stream<Sample> samples() {
    return Stream.of(
        new Sample(
            Layout.M4D_35K,
            "m4d-35k_train.csv",
            "",
            List.of(
                ",img_path,label",
                "0,products-10k/train/1.png,10",
                "1,stanford_cars/cars_train/cars_train/00001.png,9",
                "2,stanford_cars/cars_train/cars_train/00002.png,9",
                "3,deepfashion/img/x.png,34000"),
            List.of(
                "products-10k/train/1.png",
                "stanford_cars/cars_train/cars_train/00001.png",
                "stanford_cars/cars_train/cars_train/00002.png",
                "deepfashion/img/x.png"),
            List.of("9", "10", "34000"),
            1,
            0,
            0,
            2),
        new Sample(
            Layout.PRODUCTS_10K,
            "products-10k/train.csv",
            "products-10k",
            List.of("name,class,group", "1.png,4,0", "2.png,0,7", "3.png,0,7", "4.png,12,7"),
            in("products-10k/train/", "1.png", "2.png", "3.png", "4.png"),
            List.of("0", "4", "12"),
            1,
            0,
            0,
            2),
        new Sample(
            Layout.GLDV2,
            "google_landmark_recognition_2021/train.csv",
            "google_landmark_recognition_2021",
            List.of(
                "id,landmark_id",
                "17660ef415d37059,1",
                "92b6290d571448f6,1999",
                "cd41bf948edc0340,1999",
                "fb09f1e98c6d2f70,20409"),
            in(
                "google_landmark_recognition_2021/train/",
                "1/7/6/17660ef415d37059.jpg",
                "9/2/b/92b6290d571448f6.jpg",
                "c/d/4/cd41bf948edc0340.jpg",
                "f/b/0/fb09f1e98c6d2f70.jpg"),
            List.of("1", "1999", "20409"),
            0,
            1,
            1,
            2),
        new Sample(
            Layout.SHOPEE,
            "shopee/train.csv",
            "shopee",
            List.of(
                "posting_id,image,image_phash,title,label_group",
                "train_1,0000a68812bc7e98c42888dfb1c07da0.jpg,94974f937d4c2433,Paper Bag,249114794",
                "train_2,00039780dfc94d01db8676fe789ecd05.jpg,af3f9460c2838f0f,\"Tape, \"\"3M\"\"\",2937985045",
                "train_3,000a190fdd715a2a36faed16e2c65df7.jpg,b94cb00ed3e50f78,Tape,2937985045",
                "train_4,00117e4fc239b1b641ff08340b429633.jpg,8514fc58eafea283,Daster,2395904891"),
            in(
                "shopee/train_images/",
                "0000a68812bc7e98c42888dfb1c07da0.jpg",
                "00039780dfc94d01db8676fe789ecd05.jpg",
                "000a190fdd715a2a36faed16e2c65df7.jpg",
                "00117e4fc239b1b641ff08340b429633.jpg"),
            List.of("249114794", "2395904891", "2937985045"),
            0,
            2,
            2,
            1),
        new Sample(
            Layout.HM,
            "hm_personalized_fashion/articles.csv",
            "hm_personalized_fashion",
            List.of(
                "article_id,product_code,prod_name,detail_desc",
                "0108775015,0108775,Strap top,Jersey top with narrow shoulder straps.",
                "110065001,0110065,OP T-shirt,\"Microfibre, lined\"",
                "0110065002,0110065,OP T-shirt,\"Microfibre, lined\"",
                "0953763001,0953763,SPORT,"),
            in(
                "hm_personalized_fashion/images/",
                "010/0108775015.jpg",
                "011/0110065001.jpg",
                "011/0110065002.jpg",
                "095/0953763001.jpg"),
            List.of("0108775", "0110065", "0953763"),
            0,
            1,
            1,
            2),
        listed(Layout.RP2K, "rp2k", "train.csv", "rp2k/train/", "img_id"),
        new Sample(
            Layout.SOP,
            "stanford_online_products/Ebay_train.txt",
            "stanford_online_products",
            List.of(
                "image_id class_id super_class_id path",
                "1 1 1 bicycle_final/111085122871_0.JPG",
                "2 2 1 bicycle_final/111085122871_1.JPG",
                "3 2 1 bicycle_final/111085122871_2.JPG",
                "4 3 12 toaster_final/111085122871_3.JPG"),
            in(
                "stanford_online_products/",
                "bicycle_final/111085122871_0.JPG",
                "bicycle_final/111085122871_1.JPG",
                "bicycle_final/111085122871_2.JPG",
                "toaster_final/111085122871_3.JPG"),
            List.of("1", "2", "3"),
            0,
            1,
            1,
            2),
        listed(Layout.FASHION200K, "fashion200k", "train.csv", "fashion200k/", "img_id"),
        listed(Layout.FOOD_REC22, "fr22_train_v2", "train.csv", "fr22_train_v2/", "label"),
        new Sample(
            Layout.STANFORD_CARS,
            "stanford_cars/sc_train.csv",
            "stanford_cars",
            List.of(
                ",x1,y1,x2,y2,Label,image",
                "0,39,116,569,375,14,00001.jpg",
                "1,36,116,868,587,3,00002.jpg",
                "2,85,109,601,381,3,00003.jpg",
                "3,621,393,1484,1096,134,00004.jpg"),
            in(
                "stanford_cars/cars_train/cars_train/",
                "00001.jpg",
                "00002.jpg",
                "00003.jpg",
                "00004.jpg"),
            List.of("3", "14", "134"),
            1,
            0,
            0,
            2),
        listed(Layout.DEEP_FASHION2, "deepfashion2", "train.csv", "deepfashion2/", "label"),
        listed(
            Layout.FURNITURE180,
            "furniture_180",
            "furniture_180_train.csv",
            "furniture_180/",
            "label"),
        listed(
            Layout.STOREFRONTS146,
            "storefronts_146",
            "storefronts_146_train.csv",
            "storefronts_146/",
            "label"),
        new Sample(
            Layout.FOOD101,
            "food-101/meta/train.json",
            "food-101",
            List.of(
                "{\"waffles\": [\"waffles/1\"],",
                " \"apple_pie\": [\"apple_pie/1005649\", \"apple_pie/1011328\"],",
                " \"sushi\": [\"sushi/7\"]}"),
            in(
                "food-101/images/",
                "waffles/1.jpg",
                "apple_pie/1005649.jpg",
                "apple_pie/1011328.jpg",
                "sushi/7.jpg"),
            List.of("apple_pie", "sushi", "waffles"),
            2,
            0,
            0,
            1));
  }

  /** A list with the column img_path and no oddities. */
  private static Sample listed(
      Layout layout, String home, String list, String pictures, String label) {
    return new Sample(
        layout,
        home + "/" + list,
        home,
        List.of("img_path," + label, "a/1.jpg,30", "a/2.jpg,4", "b/3.jpg,4", "b/4.jpg,100"),
        in(pictures, "a/1.jpg", "a/2.jpg", "b/3.jpg", "b/4.jpg"),
        List.of("4", "30", "100"),
        1,
        0,
        0,
        2);
  }

  private static List<String> in(String place, String... names) {
    return Arrays.stream(names).map(name -> place + name).toList();
  }

  private void lay(Sample sample) throws IOException {
    folder.write(sample.list, String.join("\r\n", sample.lines) + "\r\n");
    for (int i = 0; i < 4; i++) {
      folder.pictures(10 * i, sample.pictures.get(i));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everySetIsReadFromItsRootItsFolderAndItsList(Sample sample) throws IOException {
    lay(sample);
    for (String where : List.of("", sample.home, sample.list)) {
      Dataset data = Datasets.open(root.resolve(where), sample.layout);
      assertEquals(sample.classes, data.classNames(), where);
      assertArrayEquals(sample.labels, IntStream.range(0, 4).map(data::label).toArray());
      for (int i = 0; i < 4; i++) {
        assertEquals(
            root.resolve(sample.pictures.get(i)).toRealPath(),
            data.file(i).orElseThrow().toRealPath());
        assertEquals(10 * i, data.image(i).at(0, 0, 0));
        assertEquals(Split.TRAIN, data.split(i));
      }
      assertEquals(4, data.size());
      assertEquals(List.of(), data.notes());
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aMissingListOrPictureIsNamed(Sample sample) throws IOException {
    DataFolder.refused(() -> Datasets.open(root, sample.layout), root.toString(), "there is no ");
    lay(sample);
    Files.delete(root.resolve(sample.pictures.get(1)));
    if (sample.layout == Layout.HM) {
      Dataset data = Datasets.open(root, sample.layout);
      assertEquals(3, data.size());
      assertEquals(List.of("1 of 4 listed pictures are not there and are left out"), data.notes());
    } else {
      String line = sample.layout == Layout.FOOD101 ? "train.json:2" : ":3";
      DataFolder.refused(() -> Datasets.open(root, sample.layout), line, "is missing");
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aMissingColumnIsNamedWithThoseThatThereAre(Sample sample) throws IOException {
    lay(sample);
    if (sample.layout == Layout.FOOD101) {
      return;
    }
    TableSet set = TableSet.of(sample.layout);
    for (String column : List.of(set.image(), set.label())) {
      String header = sample.lines.get(0).replaceAll("\\b" + column + "\\b", column + "s");
      List<String> lines = Stream.concat(Stream.of(header), sample.lines.stream().skip(1)).toList();
      folder.write(sample.list, String.join("\n", lines));
      DataFolder.refused(
          () -> Datasets.open(root, sample.layout),
          root.resolve(sample.list) + ":1",
          "no column named " + column,
          "did you mean " + column + "s");
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void anEmptyClassFieldIsRefused(Sample sample) throws IOException {
    lay(sample);
    if (sample.layout == Layout.FOOD101 || sample.layout == Layout.SOP) {
      return;
    }
    TableSet set = TableSet.of(sample.layout);
    List<String> columns = List.of(sample.lines.get(0).split(","));
    String[] fields = sample.lines.get(4).split(",", -1);
    fields[columns.indexOf(set.label())] = " ";
    List<String> lines =
        Stream.concat(sample.lines.stream().limit(4), Stream.of(String.join(",", fields))).toList();
    folder.write(sample.list, String.join("\n", lines));
    DataFolder.refused(
        () -> Datasets.open(root, sample.layout), sample.list + ":5", set.label() + " is empty");
  }

  @Test
  void everyLayoutHasASample() {
    Set<Layout> tested = EnumSet.noneOf(Layout.class);
    samples().forEach(sample -> tested.add(sample.layout));
    Set<Layout> tables = EnumSet.of(Layout.FOOD101);
    TableSet.ALL.forEach(set -> tables.add(set.layout()));
    assertEquals(tables, tested);
    assertEquals(14, tested.size());
  }

  @ParameterizedTest
  @EnumSource(names = {"DEEP_FASHION", "MET_ART"})
  void whatIsNotKnownIsSaid(Layout layout) {
    DataFolder.refused(
        () -> Datasets.open(root, layout), ".json", layout.label(), "not known", "layout: csv");
  }

  @Test
  void stanfordOnlineProductsHasTestClassesAndSuperClasses() throws IOException {
    lay(samples().filter(sample -> sample.layout == Layout.SOP).findFirst().orElseThrow());
    folder.write(
        "stanford_online_products/Ebay_test.txt",
        "image_id class_id super_class_id path\n59552 11319 1 bicycle_final/t.JPG\n");
    folder.pictures(9, "stanford_online_products/bicycle_final/t.JPG");
    Dataset data = Datasets.open(root, Layout.SOP);
    assertArrayEquals(new int[] {0, 1, 2, 3}, data.indices(Split.TRAIN));
    assertArrayEquals(new int[] {4}, data.indices(Split.TEST));
    assertEquals(List.of("1", "2", "3", "11319"), data.classNames());
    Groups superClasses = data.groups(Grouping.CATEGORY).orElseThrow();
    assertEquals(List.of("1", "12"), superClasses.names());
    assertArrayEquals(new int[] {0, 0, 0, 1, 0}, superClasses.of());
    Dataset test =
        Datasets.open(root.resolve("stanford_online_products/Ebay_test.txt"), Layout.SOP);
    assertEquals(Split.TEST, test.split(0));
    assertEquals(1, test.size());
  }

  @Test
  void foodHasTestPicturesAndNoEmptyClasses() throws IOException {
    lay(samples().filter(sample -> sample.layout == Layout.FOOD101).findFirst().orElseThrow());
    folder.write("food-101/meta/test.json", "{\"sushi\": [\"sushi/9\"]}");
    folder.pictures(9, "food-101/images/sushi/9.jpg");
    Dataset data = Datasets.open(root, Layout.FOOD101);
    assertArrayEquals(new int[] {4}, data.indices(Split.TEST));
    assertEquals(1, data.label(4));
    String list = "food-101/meta/train.json";
    String[][] broken = {
      {"{\"sushi\": []}", "train.json:1", "the class sushi has no picture"},
      {"{\"sushi\":\n [7]}", "train.json:2", "no text"},
      {"{\"sushi\": 7}", "train.json:1", "no list"},
      {"[]", "train.json:1", "not a list of classes"},
      {"{\"sushi\": [\"sushi/7\"]", "train.json:1", "not JSON"},
      {"{\"sushi\": [\"sushi/7\"], \"sushi\": []}", "train.json:1", "Duplicate"},
      {"{\"sushi\": [\"sushi/7\",\n\"sushi/7\"]}", "train.json:2", "listed twice"},
      {"", "train.json:1", "not a list of classes"}
    };
    for (String[] text : broken) {
      folder.write(list, text[0]);
      DataFolder.refused(() -> Datasets.open(root.resolve(list), Layout.FOOD101), text[1], text[2]);
    }
  }

  @Test
  void repeatedPostingsOfShopeeAreLeftOut() throws IOException {
    folder.pictures(1, "shopee/train_images/a.jpg", "shopee/train_images/b.jpg");
    folder.write(
        "shopee/train.csv",
        "posting_id,image,label_group\n1,a.jpg,5\n2,a.jpg,5\n3,a.jpg,6\n4,b.jpg,5\n");
    Dataset data = Datasets.open(root, Layout.SHOPEE);
    assertEquals(2, data.size());
    assertEquals(List.of("5"), data.classNames());
    assertEquals(
        List.of("2 of 4 lines repeat a picture and are left out, 1 of them with another class"),
        data.notes());
  }

  @Test
  void idsThatGiveNoPathAreRefused() throws IOException {
    folder.write("train.csv", "id,landmark_id\nab,1\n");
    DataFolder.refused(
        () -> Datasets.open(root, Layout.GLDV2), "train.csv:2", "id is \"ab\"", "three letters");
    folder.write("articles.csv", "article_id,product_code\n12345678901,1\n");
    DataFolder.refused(() -> Datasets.open(root, Layout.HM), "articles.csv:2", "ten digits");
    folder.write("articles.csv", "article_id,product_code\n1,1\n");
    DataFolder.refused(
        () -> Datasets.open(root, Layout.HM), "articles.csv:2", "000/0000000001.jpg");
  }

  @Test
  void aListIsForTestingWhereItsNameHasTheWord() throws IOException {
    folder.pictures(1, "rp2k/train/a.png");
    for (String name : List.of("test.csv", "rp_test_2.csv", "latest.csv", "contest.csv")) {
      folder.write("rp2k/" + name, "img_path,img_id\na.png,1\n");
      Split expected = name.contains("_test") || name.startsWith("test") ? Split.TEST : Split.TRAIN;
      assertEquals(
          expected, Datasets.open(root.resolve("rp2k/" + name), Layout.RP2K).split(0), name);
    }
  }

  @Test
  void featuresShowPicturesOfListsButNotOfLayoutsThatWereTold() throws IOException {
    folder.pictures(1, "rp2k/train/a.png");
    folder.write("rp2k/train.csv", "img_path,img_id\na.png,1\n");
    Dataset told = Datasets.open(root, Layout.RP2K);
    ListFile.write(root.resolve("list.csv"), told);
    Dataset listed = Datasets.open(root.resolve("list.csv"), Layout.AUTO);
    Path file = root.resolve("features.safetensors");
    Features features =
        new Features(new Features.Source("net", "1", "p", ""), Vectors.of(new float[2], 1, 2));
    FeatureFile.write(file, listed, features);
    Dataset shown = Datasets.open(file, Layout.AUTO);
    assertTrue(shown.showsPictures());
    assertEquals(1, shown.image(0).at(0, 0, 0));
    FeatureFile.write(file, told, features);
    Dataset hidden = Datasets.open(file, Layout.AUTO);
    assertFalse(hidden.showsPictures());
    DataFolder.refused(() -> hidden.image(0), "features.safetensors", "layout", "akin data list");
  }

  @Test
  void twoListsThatMayBeMeantAreNamed() throws IOException {
    folder.write("a_train.csv", "img_path,label\n");
    folder.write("b_train.csv", "img_path,label\n");
    DataFolder.refused(
        () -> Datasets.open(root, Layout.FURNITURE180), "which list", "a_train.csv", "b_train.csv");
  }

  @Test
  void layoutsGoByTheirNames() {
    assertEquals(Layout.M4D_35K, Layout.named("m4d-35k").orElseThrow());
    assertEquals(Layout.M4D_35K, Layout.named("M4D_35k").orElseThrow());
    assertTrue(Layout.named("spo").isEmpty());
    assertEquals("products_10k", Layout.PRODUCTS_10K.label());
  }
}

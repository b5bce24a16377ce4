package akin.retrieval.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Grouping;
import akin.retrieval.data.Split;
import akin.retrieval.search.Evaluation;
import akin.retrieval.search.Run;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recipe that names several data sets and a curation, from the file to an evaluated run. */
class JoinedTrainingTest {
  private static final String RECIPE =
      """
      data:
        sets:
          - {layout: products_10k, curation: {maxPerClass: 3}}
          - {root: own}
        curation: {minPerClass: 2}
        width: 8
      model: {backbone: small, widths: [4], embedding: 4}
      objective: {kind: metric, loss: triplet-margin, classes: 2, samples: 2}
      training: {epochs: 1, steps: 2}
      """;

  @TempDir Path root;

  /** Classes of 4, 2 and 1 pictures for sale; one's own of 2 and 1. */
  @BeforeEach
  void pictures() throws IOException {
    StringBuilder list = new StringBuilder("name,class,group\n");
    int[] classes = {7, 7, 7, 7, 12, 12, 3};
    for (int i = 0; i < classes.length; i++) {
      picture("sets/products-10k/train/" + i + ".png", 20 * i);
      list.append(i).append(".png,").append(classes[i]).append(",0\n");
    }
    Files.writeString(root.resolve("sets/products-10k/train.csv"), list);
    picture("sets/own/cat/a.png", 200);
    picture("sets/own/cat/b.png", 220);
    picture("sets/own/dog/c.png", 240);
  }

  private void picture(String name, int grey) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 3, grey * 0x010101);
    ImageIO.write(image, "png", file.toFile());
  }

  private RunConfig recipe(String... overrides) throws IOException {
    Path file = Files.writeString(root.resolve("recipe.yaml"), RECIPE);
    return ConfigLoader.load(file, RunConfig.class, List.of(overrides));
  }

  private void refused(String message, String... overrides) {
    UserError error =
        assertThrows(UserError.class, () -> recipe(overrides).withPath("" + sets()).data().open(1));
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  private Path sets() {
    return root.resolve("sets");
  }

  @Test
  void setsAreJoinedAndCurated() throws IOException {
    Dataset data = recipe().withPath(sets().toString()).data().open(1);
    assertEquals(List.of("products_10k/7", "products_10k/12", "own/cat"), data.classNames());
    assertEquals(3 + 2 + 2, data.size());
    assertEquals(2, data.notes().size());
    assertTrue(data.notes().get(0).startsWith("products_10k: curation: 6 of 7 training"));
    assertTrue(data.notes().get(1).startsWith("curation: 7 of 9 training pictures, 3 of 5"));
    assertEquals(
        List.of("products_10k", "own"), data.groups(Grouping.DOMAIN).orElseThrow().names());
  }

  @Test
  void aRunKeepsThemAndIsEvaluatedOnTheSame() throws IOException {
    List<String> said = new ArrayList<>();
    Progress log =
        new Progress() {
          @Override
          public Bar start(String task, long total) {
            return NONE.start(task, total);
          }

          @Override
          public void say(String line) {
            said.add(line);
          }
        };
    RunDirectory run = new RunDirectory(root.resolve("run"));
    try (Backend backend = Backends.open("cpu", 1)) {
      Session session = new Session(backend, 1, log);
      RunConfig recipe = recipe();
      Training.run(recipe, sets(), run, false, session);
      assertTrue(said.stream().anyMatch(line -> line.startsWith("curation: 7 of 9")), "" + said);
      RunConfig kept = ConfigLoader.load(run.config(), RunConfig.class, List.of());
      assertEquals(recipe.data().sets(), kept.data().sets());
      assertEquals(recipe.data().curation(), kept.data().curation());
      Training.run(recipe, sets(), run, true, session);
      Path moved = Files.move(sets(), root.resolve("moved"));
      try (Run opened = Run.open(run.path(), new Run.Places(moved, null), session)) {
        assertEquals(7, opened.pictures(Split.ALL).size());
        assertEquals(7, Evaluation.of(opened, Evaluation.Request.of(Split.ALL)).gallery());
      }
    }
  }

  @Test
  void batchesTakeClassesFromEveryDomain() throws IOException {
    String evenly = "objective.sampler=domain";
    RunConfig recipe = recipe(evenly, "objective.groups=2", "data.path=" + sets());
    Dataset data = recipe.data().open(1);
    int[] labels = IntStream.range(0, data.size()).map(data::label).toArray();
    ObjectiveConfig.Metric metric = (ObjectiveConfig.Metric) recipe.objective();
    MetricBatches batches = new MetricBatches(recipe, metric, data, labels);
    for (int epoch = 0; epoch < 20; epoch++) {
      int[] batch = batches.training().batch(epoch, 0);
      assertEquals(4, batch.length);
      assertEquals(1, IntStream.of(batch[0], batch[2]).filter(i -> labels[i] == 2).count());
    }
    UserError none =
        assertThrows(
            UserError.class,
            () -> new MetricBatches(recipe(evenly), metric, plain(), labels).training());
    assertTrue(none.getMessage().contains("does not say the pictures' domain"), none.getMessage());
    UserError groups = assertThrows(UserError.class, () -> recipe("objective.groups=0"));
    assertTrue(groups.getMessage().contains("groups must be at least 1"), groups.getMessage());
    RunConfig wide = recipe("objective.classes=4");
    RunDirectory run = new RunDirectory(root.resolve("many"));
    UserError many;
    try (Backend backend = Backends.open("cpu", 1)) {
      Session session = new Session(backend, 1, Progress.NONE);
      many = assertThrows(UserError.class, () -> Training.run(wide, sets(), run, false, session));
    }
    assertTrue(many.getMessage().contains("too few classes for a batch"), many.getMessage());
  }

  private Dataset plain() {
    return Datasets.open(sets().resolve("own"), Datasets.Layout.FOLDER);
  }

  @Test
  void placesOfThisMachineAreNotKeptInAModel() throws IOException {
    RunConfig recipe =
        recipe(
            "data.sets=[{layout: sop, root: " + root + "}, {name: x, root: own}]", "data.path=a");
    RunConfig bare = recipe.withoutPlaces();
    assertFalse(ConfigLoader.write(bare).contains(root.toString()));
    assertEquals("own", bare.data().sets().get(1).root());
    assertEquals(
        Path.of("").toAbsolutePath().toString(), recipe("data.path=null").absolute().data().path());
  }

  @Test
  void theSameSeedGivesTheSamePictures() throws IOException {
    assertArrayEquals(drawn(5), drawn(5));
    boolean other = false;
    for (long seed = 6; seed < 16; seed++) {
      other |= !List.of(drawn(5)).equals(List.of(drawn(seed)));
    }
    assertTrue(other, "ten other seeds draw the same");
  }

  private String[] drawn(long seed) throws IOException {
    Dataset data = recipe("data.path=" + sets()).data().open(seed);
    String[] ids = new String[data.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = data.id(i);
    }
    return ids;
  }

  @Test
  void whatCannotBeMeantIsToldAtItsLine() {
    refused("data: sets must name at least one", "data.sets=[]");
    refused("layout has no meaning beside sets", "data.layout=idx");
    refused("minPerClass must be at least 1; it is 0", "data.curation.minPerClass=0");
    refused("maxPerClass must be at least minPerClass, 2", "data.curation.maxPerClass=1");
    refused("unknown key data.curation.minPerClas", "data.curation.minPerClas=1");
    refused("did you mean products_10k", "data.sets=[{layout: products10k}]");
    refused("name must be a word", "data.sets=[{layout: sop, name: a/b}]");
    refused(
        "two sets are named own",
        "data.sets=[{root: own}, {layout: folder, root: products-10k/../own}]");
    refused(
        "the sets a and b are the same",
        "data.sets=[{name: a, root: own}, {name: b, layout: folder, root: products-10k/../own}]");
    refused("there is no such file or folder", "data.sets=[{root: none}]");
    refused("leaves nothing to train on", "data.curation.minPerClass=9");
  }
}

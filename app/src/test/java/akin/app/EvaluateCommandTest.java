package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.FeatureFile;
import akin.retrieval.data.Features;
import akin.tensor.RandomStream;
import akin.tensor.backend.Vectors;
import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluating files of features: what is told, and what is refused. */
class EvaluateCommandTest {
  private static final int EACH = 8;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeFeatures() throws IOException {
    file = write("features", List.of("cat", "dog", "owl"), 4, 0);
  }

  /** Pictures of classes, half of them for testing, and features that lie around the classes. */
  private Path write(String name, List<String> classes, int width, float odd) throws IOException {
    StringBuilder list = new StringBuilder("path,label,split\n");
    for (String c : classes) {
      for (int i = 0; i < EACH; i++) {
        Path picture = folder.resolve(name + "/" + c + i + ".png");
        Files.createDirectories(picture.getParent());
        ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
        String line = c + i + ".png," + c + "," + (i % 2 == 0 ? "test" : "train");
        list.append(line).append('\n');
      }
    }
    Path csv = folder.resolve(name + "/list.csv");
    Files.writeString(csv, list);
    Dataset pictures = Datasets.open(csv, Datasets.Layout.CSV);
    float[] rows = new float[pictures.size() * width];
    RandomStream stream = RandomStream.of(1, name);
    for (int i = 0; i < pictures.size(); i++) {
      for (int k = 0; k < width; k++) {
        rows[i * width + k] = (float) (0.4 * stream.gaussian(i * width + k));
      }
      rows[i * width + Math.abs(pictures.classNames().get(pictures.label(i)).hashCode()) % 3] += 1;
    }
    rows[rows.length - 1] += odd;
    Path file = folder.resolve(name + ".safetensors");
    FeatureFile.write(
        file,
        pictures,
        new Features(
            new Features.Source("net", "1", "p", ""), Vectors.of(rows, pictures.size(), width)));
    return file;
  }

  private Cli evaluate(Object... options) {
    List<String> words = new ArrayList<>(List.of("evaluate", file.toString(), "--device", "cpu"));
    for (Object option : options) {
      words.add(option.toString());
    }
    return Cli.run(words.toArray(String[]::new));
  }

  private void refused(int code, Cli run, String... parts) {
    assertEquals(code, run.code(), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    for (String part : parts) {
      assertTrue(run.err().contains(part), part + " is not in: " + run.err());
    }
  }

  @Test
  void theShortTableIsToldAndScriptsGetAll() {
    Cli people = evaluate();
    assertEquals(0, people.code(), people.err());
    assertTrue(people.out().contains("12 queries, gallery of 12 pictures"), people.out());
    assertTrue(people.out().contains("exact evaluation: 12 queries x 12 rows x 4"), people.out());
    assertFalse(people.out().contains("mINP"), people.out());
    JsonNode json = evaluate("--json").json();
    for (String name : List.of("mAP", "mINP", "ARP", "mMP@5", "nDCG@10", "IR-Recall@10")) {
      assertTrue(json.get(name).isNumber(), name);
      assertTrue(json.get("meanOverClasses").get(name).isNumber(), name);
    }
    assertTrue(
        json.get("memory").get("bytes").asLong() <= json.get("memory").get("budget").asLong());
  }

  @Test
  void measuresAreChosenAndHaveIntervals() {
    String names = "mAP,kNN@3,kNN-weighted@3,NMI,AMI,PCF@0.9,FNMR@0.1,AUC,P@3";
    Cli run = evaluate("--measures", names, "--bootstrap", 200, "--json", "--split", "all");
    assertEquals(0, run.code(), run.err());
    JsonNode json = run.json();
    for (String name : names.split(",")) {
      assertTrue(json.get(name).asDouble() >= 0 && json.get(name).asDouble() <= 1, name);
      assertTrue(run.err().contains("  " + name + " "), run.err());
    }
    JsonNode interval = json.get("intervals").get("mAP");
    assertTrue(interval.get(0).asDouble() <= json.get("mAP").asDouble(), interval.toString());
    assertTrue(interval.get(1).asDouble() >= json.get("mAP").asDouble(), interval.toString());
    assertTrue(evaluate("--clusters", 2).out().contains("AMI"));
    refused(2, evaluate("--measures", "mapp"), "mapp", "did you mean mAP");
    refused(2, evaluate("--measures", "kNN@99"), "kNN@99", "K ≤ 12");
    refused(2, evaluate("--bootstrap", "many"), "many");
  }

  @Test
  void figuresDoNotDependOnMemoryOrThreads() {
    JsonNode few = evaluate("--json", "--memory", "3m", "--threads", 1).json();
    JsonNode many = evaluate("--json", "--memory", "64m", "--threads", 3).json();
    for (String name : List.of("mAP", "MAP@R", "ARP", "precisionAtRecall", "confused")) {
      assertEquals(few.get(name), many.get(name), name);
    }
    refused(2, evaluate("--memory", "64k"), "--memory 64k", "at least", "mend");
    refused(2, evaluate("--memory", "lots"), "256m");
    refused(2, evaluate("--memory", "900000g"), "AKIN_JAVA_OPTS");
  }

  @Test
  void onePartAsksAnother() throws IOException {
    Cli split = evaluate("--queries", "test", "--gallery", "train", "--json");
    assertEquals(0, split.code(), split.err());
    assertEquals(12, split.json().get("gallery").asInt());
    assertTrue(split.err().contains("test split against train split"), split.err());
    JsonNode within = evaluate("--queries", "test", "--gallery", "all", "--json").json();
    assertEquals(24, within.get("gallery").asInt());
    assertTrue(within.get("mAP").asDouble() < 1, "a query is not its own answer");

    // Other numbers for the same names, and a class that nobody asks for.
    Path other = write("other", List.of("ant", "dog", "cat"), 4, 0);
    JsonNode across = evaluate("--gallery", other, "--json").json();
    assertEquals(8, across.get("queries").asInt(), "cats and dogs");
    assertEquals(4, across.get("leftOut").asInt(), "owls");
    assertTrue(across.get("Recall@1").asDouble() > 0.5, across.toString());

    Path wide = write("wide", List.of("cat"), 5, 0);
    refused(1, evaluate("--gallery", wide), "widths", "4 numbers against 5");
    Path strange = write("strange", List.of("elk"), 4, 0);
    refused(1, evaluate("--gallery", strange), "no class", "cat, dog, owl", "elk");
    refused(2, evaluate("--gallery", "tset"), "tset");
    refused(1, evaluate("--split", "validation"), "the gallery is empty");
  }

  @Test
  void confusionAndTheWorstQueriesAreWritten() throws IOException {
    Path confusion = folder.resolve("confusion.csv");
    Path csv = folder.resolve("queries.csv");
    Path html = folder.resolve("worst.html");
    Path picture = folder.resolve("worst.png");
    Cli run =
        evaluate(
            "--confusion",
            confusion,
            "--csv",
            csv,
            "--html",
            html,
            "--picture",
            picture,
            "--worst",
            2,
            "--json");
    assertEquals(0, run.code(), run.err());
    List<String> cells = Files.readAllLines(confusion);
    assertEquals("query,cat,dog,owl", cells.get(0));
    assertEquals(4, cells.size());
    List<String> lines = Files.readAllLines(csv);
    assertEquals(13, lines.size());
    assertTrue(lines.get(0).startsWith("query,class,relevant,P@1,"), lines.get(0));
    JsonNode worst = run.json().get("worst");
    assertEquals(2, worst.size());
    assertTrue(worst.get(0).get("AP").asDouble() <= worst.get(1).get("AP").asDouble());
    assertEquals(8, worst.get(0).get("nearest").size());
    assertTrue(Files.readString(html).contains(worst.get(0).get("query").asText()));
    assertTrue(ImageIO.read(picture.toFile()).getWidth() > 500);
  }

  @Test
  void accuracyOnOtherPicturesGoesByTheNamesOfClasses() throws IOException {
    Path learned = Files.copy(file, folder.resolve("learned.safetensors"));
    Path recipe = folder.resolve("recipe.yaml");
    Files.writeString(
        recipe,
        """
        data: {layout: features}
        model: {backbone: features}
        objective: {kind: classifier}
        training: {epochs: 20, batch: 4, optimizer: {kind: adam, rate: 0.01}}
        """);
    Path run = folder.resolve("run");
    Cli trained =
        Cli.run("train", recipe.toString(), "--data", learned.toString(), "--out", run.toString());
    assertEquals(0, trained.code(), trained.err());
    // The same rows under the same names, and ants, which are class 0 now and were never learned.
    write("features", List.of("cat", "dog", "owl", "ant"), 4, 0);
    String[] own = {"evaluate", run.toString(), "--split", "all", "--json"};
    String[] other = {
      "evaluate", run.toString(), "--queries", file.toString(), "--gallery", "all", "--json"
    };
    double accuracy = Cli.run(own).json().get("accuracy").asDouble();
    assertTrue(accuracy > 0.6, "" + accuracy);
    assertEquals(0.75 * accuracy, Cli.run(other).json().get("accuracy").asDouble(), 1e-12);
  }

  @Test
  void featuresThatAreNoNumbersAreNamed() throws IOException {
    file = write("broken", List.of("cat", "dog"), 4, Float.NaN);
    refused(
        1, evaluate("--split", "all"), "a feature is NaN", "row 15", "dog7.png", "number 4 of 4");
    assertEquals(0, evaluate("--split", "test").code(), "dog7 is for training");
  }
}

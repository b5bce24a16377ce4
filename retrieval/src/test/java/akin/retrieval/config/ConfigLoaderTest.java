package akin.retrieval.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the loader takes, and the exact words in which it refuses the rest. */
class ConfigLoaderTest {
  @TempDir Path folder;

  enum Colour {
    RED,
    GREEN
  }

  record Inner(@JsonProperty(required = true) Integer steps, Double rate) {
    Inner {
      if (rate != null && rate <= 0) {
        throw new IllegalArgumentException("rate must be above 0; it is " + rate);
      }
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Figure.Circle.class, name = "circle"),
    @JsonSubTypes.Type(value = Figure.Box.class, name = "box")
  })
  sealed interface Figure {
    record Circle(Double radius) implements Figure {}

    record Box(Integer width, Integer height) implements Figure {
      public Box {
        if (width != null && height != null && width < height) {
          throw UserError.of("a box is not taller than wide").mend("lay it down");
        }
      }
    }
  }

  record Config(
      String name,
      Integer count,
      Boolean loud,
      Colour colour,
      List<Integer> sizes,
      List<Inner> parts,
      @JsonProperty(required = true) Inner inner,
      Figure figure) {}

  private static final String LEAST = "inner: {steps: 3}\n";

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("c.yaml"), text);
  }

  private Config load(String text, String... overrides) throws IOException {
    return ConfigLoader.load(write(text), Config.class, List.of(overrides));
  }

  /** Expects this message, its place given as the line or as the whole place. */
  private void refused(String message, String text, String... overrides) throws IOException {
    Path file = write(text);
    UserError error =
        assertThrows(
            UserError.class, () -> ConfigLoader.load(file, Config.class, List.of(overrides)));
    assertEquals(message.replace("FILE", file.toString()), error.getMessage());
  }

  @Test
  void everyKindOfValueIsRead() throws IOException {
    Config config =
        load(
            """
            # a comment
            name: "5"
            count: 7
            loud: true
            colour: green
            sizes: [1, 2]
            parts:
              - steps: 1
              - steps: 2
                rate: 1e-3
            inner:
              steps: 3
              rate: 2
            figure: {kind: box, width: 4, height: 3}
            """);
    assertEquals(
        new Config(
            "5",
            7,
            true,
            Colour.GREEN,
            List.of(1, 2),
            List.of(new Inner(1, null), new Inner(2, 0.001)),
            new Inner(3, 2.0),
            new Figure.Box(4, 3)),
        config);
  }

  @Test
  void whatIsLeftAwayOrEmptyIsNull() throws IOException {
    assertEquals(
        new Config(null, null, null, null, null, null, new Inner(3, null), null),
        load(LEAST + "count:\nloud: ~\nsizes: null\n"));
  }

  @Test
  void windowsLineEndsAndByteOrderMarkAreTaken() throws IOException {
    assertEquals(7, load("\uFEFFcount: 7\r\ninner:\r\n  steps: 3\r\n").count());
  }

  @Test
  void unknownKeyIsToldWithItsNearest() throws IOException {
    refused(
        """
        FILE:3: unknown key inner.stepz
          rule: the keys of inner are rate, steps
          mend: did you mean steps?""",
        "name: a\ninner:\n  stepz: 3\n");
    refused(
        """
        FILE:2: unknown key countt
          rule: the keys are colour, count, figure, inner, loud, name, parts, sizes
          mend: did you mean count?""",
        LEAST + "countt: 3\n");
    refused(
        """
        FILE:4: unknown key parts[1].rat
          rule: the keys of parts[1] are rate, steps
          mend: did you mean rate?""",
        LEAST + "parts:\n- {steps: 1}\n- {steps: 1, rat: 2}\n");
    refused(
        """
        FILE:4: unknown key figure.radios
          rule: the keys of figure are radius
          mend: did you mean radius?""",
        LEAST + "figure:\n  kind: circle\n  radios: 2\n");
  }

  @Test
  void wrongTypeIsToldWithTheRightOne() throws IOException {
    refused("FILE:2: count cannot be many\n  rule: a whole number", LEAST + "count: many\n");
    refused("FILE:2: count cannot be 2.5\n  rule: a whole number", LEAST + "count: 2.5\n");
    refused("FILE:2: count cannot be 7\n  rule: a whole number", LEAST + "count: \"7\"\n");
    refused(
        "FILE:2: count cannot be 9999999999\n  rule: a whole number of at most 2147483647",
        LEAST + "count: 9999999999\n");
    refused("FILE:2: loud cannot be 1\n  rule: true or false", LEAST + "loud: 1\n");
    refused("FILE:1: inner.rate cannot be fast\n  rule: a number", "inner: {rate: fast}\n");
    refused("FILE:2: sizes cannot be 3\n  rule: a list such as [1, 2]", LEAST + "sizes: 3\n");
    refused(
        "FILE:4: sizes[1] cannot be big\n  rule: a whole number",
        LEAST + "sizes:\n  - 1\n  - big\n");
    refused("FILE:2: name cannot be a list\n  rule: a text", LEAST + "name: [a]\n");
    refused("FILE:1: inner cannot be 3\n  rule: a block of keys, one a line", "inner: 3\n");
  }

  @Test
  void unknownChoiceIsToldWithTheChoices() throws IOException {
    refused(
        """
        FILE:2: colour cannot be grean
          rule: one of red, green
          mend: did you mean green?""",
        LEAST + "colour: grean\n");
    refused(
        """
        FILE:3: figure.kind cannot be circel
          rule: one of circle, box
          mend: did you mean circle?""",
        LEAST + "figure:\n  kind: circel\n");
    refused(
        """
        FILE:2: the key figure.kind is missing
          rule: one of circle, box
          mend: add it, or give it with --set figure.kind=VALUE""",
        LEAST + "figure:\n  radius: 2\n");
  }

  @Test
  void missingKeyIsTold() throws IOException {
    refused(
        """
        FILE: the key inner is missing
          mend: add it, or give it with --set inner=VALUE""",
        "count: 1\n");
    refused(
        """
        FILE:2: the key inner.steps is missing
          mend: add it, or give it with --set inner.steps=VALUE""",
        "count: 1\ninner: {rate: 1}\n");
    assertEquals(4, load("count: 1\n", "inner.steps=4").inner().steps());
  }

  @Test
  void keyTwiceIsTold() throws IOException {
    refused(
        """
        FILE:4: the key inner.steps stands here twice
          rule: first at FILE:2
          mend: remove one of the two""",
        "inner:\n  steps: 3\n  rate: 1\n  steps: 4\n");
  }

  @Test
  void whatTheRecordRefusesIsToldAtItsLine() throws IOException {
    refused("FILE:3: inner: rate must be above 0; it is -1.0", "inner:\n  steps: 3\n  rate: -1\n");
    refused(
        "FILE:2: a box is not taller than wide\n  mend: lay it down",
        LEAST + "figure: {kind: box, width: 1, height: 2}\n");
  }

  @Test
  void overridesReplaceAddAndAreCheckedAlike() throws IOException {
    assertEquals(new Inner(8, 0.5), load(LEAST, "inner.steps=8", "inner.rate=0.5").inner());
    assertEquals(9, load(LEAST, "count=8", "count=9").count());
    assertEquals(List.of(4, 5), load(LEAST + "sizes: [1]\n", "sizes=[4, 5]").sizes());
    assertEquals("a=b", load(LEAST, "name=a=b").name());
    assertEquals(new Figure.Circle(2.0), load(LEAST, "figure={kind: circle, radius: 2}").figure());
    refused(
        """
        --set inner.step=8: unknown key inner.step
          rule: the keys of inner are rate, steps
          mend: did you mean steps?""",
        LEAST,
        "inner.step=8");
    refused("--set count=many: count cannot be many\n  rule: a whole number", LEAST, "count=many");
    refused("--set inner.rate=-1: inner: rate must be above 0; it is -1.0", LEAST, "inner.rate=-1");
    refused(
        "--set sizes=[1, x]: sizes[1] cannot be x\n  rule: a whole number", LEAST, "sizes=[1, x]");
    for (String bad : List.of("count", "=3", "a..b=3", ".a=3", "a.=3")) {
      refused(
          "--set "
              + bad
              + ": not of the form key.sub=value\n"
              + "  mend: write for example --set training.epochs=3",
          LEAST,
          bad);
    }
  }

  @Test
  void brokenYamlIsToldWithItsLine() throws IOException {
    refused("FILE:2: not YAML: expected ',' or ']', but got <stream end>", "count: 1\nsizes: [1");
    refused(
        "FILE: the configuration is empty\n  rule: a configuration is a list of lines such as"
            + " seed: 1",
        "# nothing\n");
    refused(
        "FILE: the configuration has no keys\n  rule: a configuration is a list of lines such"
            + " as seed: 1",
        "[1, 2]\n");
    refused(
        "FILE:3: more than one document\n  rule: a configuration is one document",
        LEAST + "---\ncount: 2\n");
    refused(
        """
        FILE:2: an alias, *a
          rule: anchors and aliases are not read
          mend: write the value out""",
        "inner: &a {steps: 3}\nparts: [*a]\n");
    refused(
        "FILE:1: nested too deeply\n  rule: at most 50 levels",
        "sizes: " + "[".repeat(60) + "]".repeat(60) + "\n");
  }

  @Test
  void unreadableFilesAreTold() throws IOException {
    Path none = folder.resolve("none.yaml");
    UserError missing =
        assertThrows(UserError.class, () -> ConfigLoader.load(none, Config.class, List.of()));
    assertEquals(none + ": there is no such configuration file", missing.getMessage());
    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, "name: \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    UserError encoding =
        assertThrows(UserError.class, () -> ConfigLoader.load(latin, Config.class, List.of()));
    assertEquals(latin + ": the configuration file is not UTF-8 text", encoding.getMessage());
  }

  @Test
  void recipesComeBackAsTheyWereWritten() throws IOException {
    List<Path> recipes;
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("akin.root"), "configs"))) {
      recipes = files.filter(file -> file.toString().endsWith(".yaml")).toList();
    }
    assertTrue(recipes.size() >= 5, "recipes: " + recipes);
    for (Path recipe : recipes) {
      RunConfig config = ConfigLoader.load(recipe, RunConfig.class, List.of("seed=12345678901"));
      assertEquals(12345678901L, config.seed());
      String yaml = ConfigLoader.write(config);
      assertEquals(config, ConfigLoader.load(write(yaml), RunConfig.class, List.of()));
      assertFalse(yaml.contains("null"), yaml);
    }
  }

  @Test
  void textsThatLookLikeSomethingElseComeBackAsTexts() throws IOException {
    for (String name : List.of("5", "1e3", "yes", "true", "null", "~", "a: b", "# no", "*a", " ")) {
      Config config = new Config(name, null, null, null, null, null, new Inner(1, null), null);
      assertEquals(config, load(ConfigLoader.write(config)), name);
    }
  }
}

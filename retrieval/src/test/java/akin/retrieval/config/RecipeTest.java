package akin.retrieval.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What recipes say of networks, inputs and rates, and the words in which mistakes are refused. */
class RecipeTest {
  private static final String REST =
      "objective: {kind: attribute-triplets}\ntraining: {epochs: 1}\n";

  private static RunConfig parse(String text) {
    return ConfigLoader.parse(text, "FILE", RunConfig.class);
  }

  private static RunConfig model(String keys) {
    return parse("data: {}\nmodel:\n  " + keys.replace("\n", "\n  ") + "\n" + REST);
  }

  private static void refused(String message, String text) {
    UserError error = assertThrows(UserError.class, () -> parse(text), text);
    assertEquals(message, error.getMessage());
  }

  private static void refusedModel(String message, String keys) {
    UserError error = assertThrows(UserError.class, () -> model(keys), keys);
    assertEquals(message, error.getMessage());
  }

  // ---- networks ----

  @Test
  void aBackboneIsAnArchitectureInOneLine() {
    RunConfig config = model("backbone: resnet50  last-stride=1");
    assertEquals("resnet50 last-stride=1", config.model().backbone(), "in its canonical form");
    assertEquals(
        "resnet50 classes=0 last-stride=1", config.model().architecture().orElseThrow().id());
    for (String own : List.of("lab", "small", "features")) {
      assertTrue(
          new ModelConfig(own, null, null, null, null, null, null, null, null, null, null)
              .architecture()
              .isEmpty(),
          own);
    }
  }

  @Test
  void aBackboneThatIsNoneIsToldWithItsNearest() {
    UserError near = assertThrows(UserError.class, () -> model("backbone: resnet51"));
    String message = "FILE:3: model: backbone cannot be resnet51\n  mend: did you mean resnet50";
    assertTrue(near.getMessage().startsWith(message), near.getMessage());
    refusedModel(
        "FILE:3: model: backbone cannot be featurs\n  mend: did you mean features?",
        "backbone: featurs");
    refusedModel(
        """
        FILE:3: model: backbone: backbone resnet18 cannot be told its padding
          rule: it takes last-stride, end
          mend: leave padding away""",
        "backbone: resnet18 padding=same");
    refusedModel(
        "FILE:3: model: backbone has no classes here: the data set decides",
        "backbone: resnet18 classes=10");
  }

  @Test
  void keysOfOtherBackbonesAreRefused() {
    refusedModel(
        "FILE:4: model: widths belong to backbone: small", "backbone: resnet18\nwidths: [8]");
    refusedModel(
        "FILE:4: model: unfreeze makes exceptions from freeze, which is empty",
        "backbone: resnet18\nunfreeze: [image.backbone.layer4]");
  }

  @Test
  void weightsLeaveThePreprocessingToTheirCard() {
    refusedModel(
        "FILE:4: model: weights belong to a published backbone such as resnet50, not to small",
        "backbone: small\nweights: file.pth");
    RunConfig config = model("backbone: resnet18\nweights: file.pth");
    assertNull(config.data().width());
    assertTrue(config.model().frozenStatistics(), "unless told otherwise");
    assertFalse(model("backbone: resnet18").model().frozenStatistics(), "random ones must move");
    assertEquals(64, model("backbone: resnet18").data().width());
  }

  // ---- inputs ----

  @Test
  void defaultsAreFilledIn() {
    DataConfig data = model("backbone: small").data();
    assertEquals(
        "size=64x64 fit=stretch filter=bilinear channels=3 divisor=255.0 mean=0.5,0.5,0.5"
            + " std=0.5,0.5,0.5",
        data.preprocessing().id());
    RunConfig grey = parse("data: {width: 28, grey: true}\nmodel: {backbone: small}\n" + REST);
    assertEquals(
        "size=28x28 fit=stretch filter=bilinear channels=1 divisor=255.0 mean=0.5 std=0.5",
        grey.data().preprocessing().id());
  }

  @Test
  void everyPartOfThePreprocessingCanBeSaid() {
    RunConfig config =
        parse(
            """
            data:
              width: 20
              fit: central0.875
              bgr: true
              filter: bicubic
              divisor: 1
              mean: [103.939, 116.779, 123.68]
              std: [1, 1, 1]
            model: {backbone: small}
            """
                + REST);
    assertEquals(
        "size=20x20 fit=central0.875 filter=bicubic channels=bgr divisor=1.0"
            + " mean=103.939,116.779,123.68 std=1.0,1.0,1.0",
        config.data().preprocessing().id());
  }

  @Test
  void inputsThatAreNoneAreRefused() {
    String rest = "\nmodel: {backbone: small}\n" + REST;
    refused(
        "FILE:1: data: fit is stretch, crop<side>, central<fraction> or pad, not squeeze",
        "data: {fit: squeeze}" + rest);
    refused(
        "FILE:1: data: bgr has no meaning for grey pictures",
        "data: {grey: true, bgr: true}" + rest);
    refused(
        "FILE:1: data: divisor must be a number above 0; it is 0.0", "data: {divisor: 0}" + rest);
    refused(
        "FILE:1: data: mean and std need one number per channel: 3",
        "data: {width: 8, height: 8, grey: false, bgr: false, fit: stretch, filter: bilinear,"
            + " divisor: 255, mean: [0.5], std: [0.5]}"
            + rest);
  }

  // ---- rates ----

  @Test
  void ratesAreFactorsByPattern() {
    RunConfig config =
        parse(
            """
            data: {}
            model: {backbone: small}
            objective: {kind: attribute-triplets}
            training:
              epochs: 1
              rates:
                image.backbone: 0.1
                image.backbone.conv1: 1e-2
            """);
    assertEquals(
        List.of("image.backbone", "image.backbone.conv1"),
        List.copyOf(config.training().rates().keySet()),
        "in the recipe's order");
    RunConfig again = parse(ConfigLoader.write(config));
    assertEquals(
        List.copyOf(config.training().rates().entrySet()),
        List.copyOf(again.training().rates().entrySet()));
  }

  @Test
  void ratesThatAreNoneAreRefused() {
    String rest = "data: {}\nmodel: {backbone: small}\nobjective: {kind: attribute-triplets}\n";
    refused(
        "FILE:4: training: rates need factors above 0; that of image.head is 0.0 (what does not"
            + " learn at all is named by model.freeze)",
        rest + "training: {epochs: 1, rates: {image.head: 0}}\n");
    refused(
        "FILE:6: training.rates.image.head cannot be slow\n  rule: a number",
        rest + "training:\n  epochs: 1\n  rates: {image.head: slow}\n");
  }

  @Test
  void optionsOfALossAreCompletedAndRefused() {
    String rest = "data: {}\nmodel: {backbone: small}\ntraining: {epochs: 1}\n";
    RunConfig config =
        parse(rest + "objective: {kind: metric, loss: arcface, options: {centers: 3}}\n");
    ObjectiveConfig.Metric metric = (ObjectiveConfig.Metric) config.objective();
    assertEquals(
        Map.of("margin", 0.5, "scale", 64.0, "centers", 3L, "easy", false, "start", "normal"),
        metric.options());
    assertEquals(config, parse(ConfigLoader.write(config)));
    refused(
        "FILE:4: objective: options: arcface has no option margn\n"
            + "  rule: its options: margin, scale, centers, easy, start\n  mend: did you mean margin?",
        rest + "objective: {kind: metric, loss: arcface, options: {margn: 1}}\n");
  }

  @Test
  void featuresAreNotChangedAtRandom() {
    for (String change : List.of("mirror: true", "shift: 1", "augmentation: [{kind: rotate}]")) {
      String text = "data: {%s}\nmodel: {backbone: features}\n".formatted(change) + REST;
      UserError error = assertThrows(UserError.class, () -> parse(text), change);
      assertTrue(error.getMessage().contains("mend: leave them away"), error.getMessage());
    }
  }
}

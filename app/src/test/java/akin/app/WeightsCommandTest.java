package akin.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbone;
import akin.nn.io.Safetensors;
import akin.nn.io.WeightFile;
import akin.retrieval.pretrained.WeightCard;
import akin.retrieval.pretrained.WeightCards;
import akin.tensor.Shape;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking into weight files, and converting them. */
class WeightsCommandTest {
  @TempDir Path folder;

  /** The weights of a network just made, changed as wished, in a safetensors file. */
  private Path weights(java.util.function.Consumer<Map<String, Safetensors.Array>> change) {
    Path file = folder.resolve("weights.safetensors");
    try (Backend backend = Backends.open("cpu", 1);
        Backbone network = Architecture.parse("resnet20").create()) {
      network.initialise(backend, 1);
      Map<String, Safetensors.Array> arrays = new LinkedHashMap<>(StateDict.of(network).arrays(""));
      change.accept(arrays);
      Safetensors.write(file, arrays, Map.of("origin", "test"));
    }
    return file;
  }

  @Test
  void inspectTellsNamesShapesSumsAndWhatIsNotFinite() {
    Path file = folder.resolve("small.safetensors");
    Map<String, Safetensors.Array> arrays = new LinkedHashMap<>();
    arrays.put("a", Safetensors.Array.of(new float[] {1, 2, 3.5f, Float.NaN}, 2, 2));
    arrays.put("b", Safetensors.Array.of(new long[] {7}));
    Safetensors.write(file, arrays, Map.of("origin", "test"));
    Cli run = Cli.run("weights", "inspect", file.toString(), "--json");
    assertEquals(0, run.code(), run.err());
    JsonNode json = run.json();
    assertEquals("safetensors", json.get("format").asText());
    assertEquals(2, json.get("arrays").asInt());
    assertEquals(5, json.get("elements").asInt());
    assertEquals(24, json.get("bytes").asInt());
    assertEquals(1, json.get("notFinite").asInt());
    assertEquals("test", json.at("/metadata/origin").asText());
    assertEquals("a", json.at("/entries/0/name").asText());
    assertEquals("F32", json.at("/entries/0/type").asText());
    assertEquals(6.5, json.at("/entries/0/sum").asDouble());
    assertEquals(2, json.at("/entries/0/shape/1").asInt());
    assertTrue(run.err().contains("and 1 not finite"), run.err());
    assertTrue(run.err().contains("1 elements are NaN or infinite"), run.err());
  }

  @Test
  void aPreprocessingThatCannotBeRecordedIsRefused() {
    String file = weights(arrays -> {}).toString();
    Path out = folder.resolve("out.safetensors");
    Cli run =
        Cli.run("weights", "convert", file, "--preprocessing", "cifar", "--out", out.toString());
    assertEquals(1, run.code(), run.err());
    assertTrue(run.err().contains("add --backbone NAME"), run.err());
    assertFalse(Files.exists(out));
    Path npz = folder.resolve("out.npz");
    run = Cli.run("weights", "convert", file, "--preprocessing", "cifar", "--out", npz.toString());
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains("npz has no place for a preprocessing"), run.err());
    assertFalse(Files.exists(npz));
  }

  @Test
  void checkTellsWhatDiffersAndExitsWithOne() {
    Path file =
        weights(
            arrays -> {
              arrays.put("layer1.0.konv1.weight", arrays.remove("layer1.0.conv1.weight"));
              arrays.put("bn1.weight", Safetensors.Array.of(new float[5], 5));
            });
    Cli run = Cli.run("weights", "check", file.toString(), "--backbone", "resnet20", "--json");
    assertEquals(1, run.code(), run.err());
    JsonNode json = run.json();
    assertEquals(false, json.get("fits").asBoolean());
    assertEquals("layer1.0.conv1.weight", json.at("/missing/0").asText());
    assertEquals(1, json.get("missing").size());
    assertEquals("layer1.0.konv1.weight", json.at("/unexpected/0").asText());
    assertEquals("layer1.0.konv1.weight", json.get("near").get("layer1.0.conv1.weight").asText());
    assertEquals("bn1.weight", json.at("/wrongShapes/0/name").asText());
    assertEquals(Shape.of(5).toString(), json.at("/wrongShapes/0/file").asText());
    assertTrue(run.err().contains("(near: layer1.0.konv1.weight)"), run.err());
  }

  @Test
  void checkAllowsForOldFilesAndForFilesWithoutClassifier() {
    Path file =
        weights(
            arrays ->
                arrays
                    .keySet()
                    .removeIf(
                        name ->
                            name.endsWith("num_batches_tracked") || name.startsWith("linear.")));
    Cli run = Cli.run("weights", "check", file.toString(), "--backbone", "resnet20");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("without the classifier"), run.out());
    assertTrue(run.out().contains("19 counters of batches"), run.out());
    Path half = weights(arrays -> arrays.remove("linear.bias"));
    assertEquals(1, Cli.run("weights", "check", half.toString(), "--backbone", "resnet20").code());
  }

  @Test
  void checkTellsOptionsThatNoNameOrShapeShows() {
    Path file = folder.resolve("recorded.safetensors");
    Architecture same = Architecture.parse("mobilenet_v2 padding=same width=0.25");
    try (Backend backend = Backends.open("cpu", 1);
        Backbone network = same.create()) {
      network.initialise(backend, 1);
      Map<String, String> card =
          new WeightCard(same, WeightCards.preprocessing("inception")).metadata();
      Safetensors.write(file, StateDict.of(network).arrays(""), card);
    }
    String[] check = {"weights", "check", file.toString(), "--backbone", "mobilenet_v2 width=0.25"};
    Cli other = Cli.run(check);
    assertEquals(0, other.code(), other.err());
    assertTrue(other.out().contains("belong to \"" + same.id() + "\""), other.out());
    check[4] = same.id();
    assertFalse(Cli.run(check).out().contains("belong to"));
  }

  @Test
  void checkTellsOfNumbersThatAreNone() {
    Path file =
        weights(
            arrays -> {
              float[] bias = new float[10];
              bias[3] = Float.NaN;
              arrays.put("linear.bias", Safetensors.Array.of(bias, 10));
            });
    Cli run = Cli.run("weights", "check", file.toString(), "--backbone", "resnet20");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("NaN or infinite, first in linear.bias"), run.out());
  }

  @Test
  void checkTellsHowManyClassesTheFileHas() {
    Path file =
        weights(
            arrays -> {
              arrays.put("linear.weight", Safetensors.Array.of(new float[7 * 64], 7, 64));
              arrays.put("linear.bias", Safetensors.Array.of(new float[7], 7));
            });
    Cli ten = Cli.run("weights", "check", file.toString(), "--backbone", "resnet20");
    assertEquals(1, ten.code(), ten.err());
    assertTrue(ten.out().contains("it fits: --backbone \"resnet20 classes=7\""), ten.out());
    Cli seven = Cli.run("weights", "check", file.toString(), "--backbone", "resnet20 classes=7");
    assertEquals(0, seven.code(), seven.out());
  }

  @Test
  void namesAndTextsCannotSteerTheTerminal() {
    Path file = folder.resolve("hostile.safetensors");
    Map<String, Safetensors.Array> one = Map.of("a", Safetensors.Array.of(new float[1], 1));
    Safetensors.write(file, one, Map.of("note", "\u001b[2Jgone"));
    Cli text = Cli.run("weights", "inspect", file.toString());
    assertEquals(0, text.code(), text.err());
    assertTrue(text.out().contains("note =  [2Jgone"), text.out());
    Safetensors.write(file, Map.of("\u001b[2J", one.get("a")), Map.of());
    Cli name = Cli.run("weights", "inspect", file.toString());
    assertEquals(1, name.code());
    assertTrue(name.err().contains("control characters"), name.err());
    assertTrue(name.err().indexOf('\u001b') < 0, name.err());
  }

  @Test
  void convertKeepsEveryNumberAndWritesTheCard() throws IOException {
    Path file = weights(arrays -> {});
    Path npz = folder.resolve("out.npz");
    Path back = folder.resolve("back.safetensors");
    Cli first = Cli.run("weights", "convert", file.toString(), "--out", npz.toString(), "--json");
    assertEquals(0, first.code(), first.err());
    assertEquals(Files.size(npz), first.json().get("bytes").asLong());
    Cli second =
        Cli.run(
            "weights",
            "convert",
            npz.toString(),
            "--out",
            back.toString(),
            "--backbone",
            "resnet20",
            "--preprocessing",
            "cifar",
            "--json");
    assertEquals(0, second.code(), second.err());
    try (WeightFile a = WeightFile.open(file);
        WeightFile b = WeightFile.open(back)) {
      assertEquals(a.entries().keySet(), b.entries().keySet());
      a.entries()
          .forEach(
              (name, entry) ->
                  assertArrayEquals(
                      entry.value().doubles(), b.entries().get(name).value().doubles(), name));
      assertEquals("resnet20", b.metadata().get("akin.backbone"));
    }
    // What the file says of itself is passed on.
    Path again = folder.resolve("again.safetensors");
    Cli third = Cli.run("weights", "convert", back.toString(), "--out", again.toString());
    assertEquals(0, third.code(), third.err());
    assertEquals(-1, Files.mismatch(back, again));
  }

  @Test
  void mistakesEndInOneMessage() throws IOException {
    Path page = Files.writeString(folder.resolve("page.pth"), "<html>404</html>");
    Cli html = Cli.run("weights", "inspect", page.toString());
    assertEquals(1, html.code());
    assertTrue(html.err().contains("it is a web page"), html.err());
    Path file = weights(arrays -> arrays.remove("conv1.weight"));
    Path out = folder.resolve("out.safetensors");
    Cli wrong =
        Cli.run(
            "weights",
            "convert",
            file.toString(),
            "--out",
            out.toString(),
            "--backbone",
            "resnet20");
    assertEquals(1, wrong.code());
    assertTrue(wrong.err().contains("1 names are missing, 0 not expected"), wrong.err());
    assertTrue(Files.notExists(out));
    Cli ending = Cli.run("weights", "convert", file.toString(), "--out", "weights.bin");
    assertEquals(2, ending.code());
    assertTrue(ending.err().contains(".safetensors or .npz"), ending.err());
    assertEquals(2, Cli.run("weights", "check", file.toString()).code());
    Cli unknown = Cli.run("weights", "check", file.toString(), "--backbone", "resnet5O");
    assertTrue(unknown.err().contains("did you mean resnet50"), unknown.err());
    Cli prefix =
        Cli.run("weights", "check", file.toString(), "--backbone", "resnet18", "--prefix", "ema");
    assertTrue(prefix.err().contains("no array's name begins with 'ema.'"), prefix.err());
  }
}

package akin.app;

import akin.nn.StateDict;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.WeightFit;
import akin.nn.io.Npz;
import akin.nn.io.Safetensors;
import akin.nn.io.WeightFile;
import akin.retrieval.pretrained.Pretrained;
import akin.retrieval.pretrained.WeightCard;
import akin.tensor.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code akin weights convert}. */
@Command(
    name = "convert",
    description =
        "Writes a network's weights as safetensors or as NumPy's npz. Numbers stay exact: half"
            + " precision becomes single, whole numbers become 64 bits long. A safetensors file"
            + " also says which network it belongs to and how its pictures are prepared, if that is"
            + " known or told.")
final class WeightsConvertCommand implements Callable<Integer> {
  @Mixin private WeightsOptions weights;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file to write, ending in .safetensors or .npz.")
  private Path out;

  @Option(
      names = "--backbone",
      paramLabel = "NAME",
      converter = BackboneOption.class,
      description = "The network that the weights must fit, such as resnet50.")
  private String backbone;

  @Option(
      names = "--preprocessing",
      paramLabel = "NAME",
      converter = PreprocessingOption.class,
      description = "How the network's pictures are prepared, such as torchvision-v1.")
  private String preprocessing;

  @Mixin private CommonOptions common;

  private record Result(
      String file, int arrays, long bytes, Map<String, String> metadata, List<String> notes) {}

  @Override
  public Integer call() {
    Console console = common.console();
    boolean npz = out.toString().endsWith(".npz");
    if (!npz && !out.toString().endsWith(".safetensors")) {
      throw UserError.of("the name of the file tells its format")
          .at("--out " + out)
          .rule("it ends in .safetensors or .npz");
    }
    if (npz && preprocessing != null) {
      throw UserError.of("npz has no place for a preprocessing")
          .at("--preprocessing " + preprocessing)
          .rule("safetensors records it")
          .mend("leave it away, or let --out end in .safetensors");
    }
    try (WeightFile file = WeightFile.open(weights.file())) {
      StateDict dict = weights.stateDict(file);
      if (backbone != null) {
        requireFit(dict, console);
      }
      Map<String, Safetensors.Array> arrays = dict.arrays("");
      Map<String, String> metadata = npz ? Map.of() : metadata(file);
      if (npz) {
        Npz.write(out, arrays);
      } else {
        Safetensors.write(out, arrays, metadata);
      }
      long bytes = out.toFile().length();
      console.print("%s: %d arrays, %d bytes", out, arrays.size(), bytes);
      metadata.forEach((key, value) -> console.print("  %s = %s", key, value));
      file.notes().forEach(note -> console.print("%s", note));
      console.result(new Result(out.toString(), arrays.size(), bytes, metadata, file.notes()));
    }
    return ExitCode.OK;
  }

  private void requireFit(StateDict dict, Console console) {
    Architecture architecture = Architecture.parse(backbone);
    WeightFit fit = WeightFit.of(dict, architecture, told -> console.print("%s", told));
    if (!fit.fits()) {
      throw UserError.of("the weights do not fit " + backbone)
          .at(weights.file())
          .rule(
              "%d names are missing, %d not expected, %d shapes differ"
                  .formatted(
                      fit.missing().size(), fit.unexpected().size(), fit.wrongShapes().size()))
          .mend("akin weights check names them");
    }
  }

  /**
   * What the file already says of itself, and the card, if it is known or told.
   *
   * @throws UserError if the preprocessing is told of a network that is not known
   */
  private Map<String, String> metadata(WeightFile file) {
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    if (!file.format().equals("safetensors")) {
      metadata.keySet().removeIf(key -> !key.startsWith("akin.")); // epochs, rates, programs
    }
    WeightCard.Told words = new WeightCard.Told(backbone, preprocessing, null);
    if (preprocessing != null || Pretrained.isKnown(weights.file())) {
      metadata.putAll(Pretrained.open(weights.file(), words).card().metadata());
    }
    return metadata;
  }
}

package akin.app;

import akin.retrieval.Session;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.FeatureFile;
import akin.retrieval.data.Features;
import akin.retrieval.data.Fit;
import akin.retrieval.data.Split;
import akin.retrieval.pretrained.Extraction;
import akin.retrieval.pretrained.FeatureNetwork;
import akin.retrieval.pretrained.Pretrained;
import akin.retrieval.pretrained.WeightCard;
import akin.retrieval.search.Run;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin extract}. */
@Command(
    name = "extract",
    description =
        "Computes what a backbone makes of every picture of a data set, once: a pretrained one from"
            + " its weight file (--weights), or that of a run. Heads are then trained on the file in"
            + " little time: a recipe with model.backbone: features. Killed, it goes on where it"
            + " was when it is started again.")
final class ExtractCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "The run whose backbone is taken, instead of --weights.")
  private Path run;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "The weights: .pth, .safetensors, .npz, .h5 or .onnx.")
  private Path weights;

  @Option(
      names = "--backbone",
      paramLabel = "NAME",
      converter = BackboneOption.class,
      description =
          "The network that the weights belong to, such as \"mobilenet_v2 padding=same\"; published"
              + " files are known.")
  private String backbone;

  @Option(
      names = "--preprocessing",
      paramLabel = "NAME",
      converter = PreprocessingOption.class,
      description =
          "How the network's pictures were prepared, such as torchvision-v1; for published files it"
              + " is known.")
  private String preprocessing;

  @Option(
      names = "--fit",
      paramLabel = "FIT",
      converter = FitOption.class,
      description =
          "How pictures come to the input's size, if not as the network's own: stretch, crop256,"
              + " central0.875 …")
  private Fit fit;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data set; a run's own unless told otherwise.")
  private Path data;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      converter = SplitOption.class,
      defaultValue = "all",
      description = "train, validation, test or all; ${DEFAULT-VALUE} unless told otherwise.")
  private Split split;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file of features to write, ending in .safetensors.")
  private Path out;

  @Mixin private CommonOptions common;

  private record Result(
      String file,
      int pictures,
      int width,
      String backbone,
      String preprocessing,
      int resumed,
      Double imagesPerSecond) {}

  @Override
  public Integer call() {
    Console console = common.console();
    checkPlace();
    try (Backend backend = common.open()) {
      Session session = new Session(backend, common.threads(), console);
      Result result = run == null ? pretrained(session) : ofRun(session);
      console.print("%d features of %d numbers in %s", result.pictures, result.width, out);
      if (result.imagesPerSecond != null) {
        console.print("%.1f images/s", result.imagesPerSecond);
      }
      console.result(result);
    }
    return ExitCode.OK;
  }

  private void checkPlace() {
    if ((run == null) == (weights == null)) {
      throw UserError.of("whose features?")
          .at(run == null ? "--weights" : "--weights " + weights)
          .rule("either a run, or the weight file of a pretrained backbone")
          .mend("akin extract --weights FILE --data DIR --out " + out);
    }
    if (run == null && data == null) {
      throw UserError.of("no data set is given").at("--data").mend("add --data DIR");
    }
    if (!out.toString().endsWith(".safetensors")) {
      throw UserError.of("features are stored as safetensors")
          .at("--out " + out)
          .rule("the file's name ends in .safetensors")
          .mend("--out " + out + ".safetensors");
    }
    if (Files.isDirectory(out)) {
      throw UserError.of("a folder of this name is in the way")
          .at("--out " + out)
          .mend("choose another name; nothing was extracted yet");
    }
  }

  private Result pretrained(Session session) {
    Pretrained pretrained =
        Pretrained.open(weights, new WeightCard.Told(backbone, preprocessing, fit));
    Dataset pictures = chosen(Datasets.open(data, Datasets.Layout.AUTO));
    session.progress().say(pretrained.architecture().id() + ": " + pretrained.preprocessing().id());
    try (FeatureNetwork network = new FeatureNetwork(pretrained, session)) {
      Extraction.Result done = new Extraction(network, session).into(out, pictures);
      return result(done.features(), pictures.size(), done.resumed(), done.rate());
    }
  }

  private Result ofRun(Session session) {
    if (backbone != null || preprocessing != null || fit != null) {
      throw UserError.of("a run knows its own backbone and preprocessing")
          .at("--backbone, --preprocessing, --fit")
          .mend("leave them away, or give --weights instead of a run");
    }
    try (Run opened = Run.open(run, new Run.Places(data, null), session)) {
      Dataset pictures = opened.pictures(split);
      Features features = opened.extract(pictures);
      FeatureFile.write(out, pictures, features);
      return result(features, pictures.size(), 0, null);
    }
  }

  private Dataset chosen(Dataset all) {
    Dataset pictures = all.subset(split);
    if (pictures.size() == 0) {
      throw UserError.of("the data set has no pictures of that split")
          .at("--split " + split.name().toLowerCase(Locale.ROOT))
          .mend("choose another, or all");
    }
    return pictures;
  }

  private Result result(Features features, int pictures, int resumed, Double rate) {
    return new Result(
        out.toString(),
        pictures,
        features.width(),
        features.source().backbone(),
        features.source().preprocessing(),
        resumed,
        rate);
  }
}

package akin.app;

import akin.retrieval.Session;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Split;
import akin.retrieval.evaluation.ClassEvaluation.Wanted;
import akin.retrieval.evaluation.Evaluator;
import akin.retrieval.evaluation.Measures;
import akin.retrieval.search.Evaluation;
import akin.retrieval.search.Run;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin evaluate}. */
@Command(
    name = "evaluate",
    description =
        "Measures how well a run retrieves: every attribute (or every picture) of a split is a"
            + " query. Writes evaluation.json, the index of the gallery and report.html. For a file"
            + " of features it measures these as they are, untrained, and writes nothing.")
final class EvaluateCommand implements Callable<Integer> {
  private static final int WORST = 8;

  @Parameters(paramLabel = "RUN", description = "The run's folder, or a file of features.")
  private Path run;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      converter = SplitOption.class,
      description = "train, validation, test or all; test if the data set has one.")
  private Split split;

  @Option(
      names = "--queries",
      paramLabel = "PART",
      converter = PartOption.class,
      description = "Who asks, if not --split: another split, or another data set.")
  private Evaluation.Part queries;

  @Option(
      names = "--gallery",
      paramLabel = "PART",
      converter = PartOption.class,
      description = "Who is searched, likewise. Classes are matched by name.")
  private Evaluation.Part gallery;

  @Option(
      names = "--measures",
      paramLabel = "NAMES",
      split = ",",
      description =
          "Print these instead of the table: P@K, Recall@K, IR-Recall@K, nDCG@K, AP@K, mMP@K, mAP,"
              + " MAP@R, AP-mean-P, R-precision, MRR, mINP, ARP, AUC, kNN@K, kNN-weighted@K, NMI,"
              + " AMI, PCF@SHARE, FNMR@RATE.")
  private List<String> measures = new ArrayList<>();

  @Option(
      names = "--bootstrap",
      paramLabel = "N",
      defaultValue = "0",
      converter = CountOption.class,
      description = "Print 95 %% intervals of the means, from N resamples of the queries.")
  private int bootstrap;

  @Option(
      names = "--clusters",
      paramLabel = "K",
      defaultValue = "0",
      converter = CountOption.class,
      description = "Print NMI and AMI of K groups; without, there are as many as classes.")
  private int clusters;

  @Option(
      names = "--changed",
      paramLabel = "N",
      defaultValue = "0",
      converter = CountOption.class,
      description =
          "For attributes: print how well N queries of a picture and a changed attribute are"
              + " answered.")
  private int changed;

  @Option(
      names = "--confusion",
      paramLabel = "FILE",
      description =
          "Tell which classes are nearest to which, and write how often each is as a CSV file.")
  private Path confusion;

  @Option(
      names = "--worst",
      paramLabel = "N",
      defaultValue = "0",
      converter = CountOption.class,
      description = "Print the N queries with the lowest AP.")
  private int worst;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the worst queries with what they find as a page.")
  private Path html;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Draw the worst queries with what they find into a .png or .jpg file.")
  private Path picture;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write the figures of each query as a CSV file.")
  private Path csv;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = MemoryOption.class,
      description =
          "How much memory the measuring may use, such as 256m or 2g; half of the heap if not said."
              + " Figures do not depend on it.")
  private Long memory;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the data set lies now, if it was moved since the training.")
  private Path data;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Console console = common.console();
    Wanted wanted = wanted();
    if (Files.isRegularFile(run)) {
      return features(console, wanted);
    }
    try (Backend backend = common.open();
        Run opened =
            Run.open(
                run, new Run.Places(data, null), new Session(backend, common.threads(), console))) {
      Split chosen = split == null ? opened.defaultSplit() : split;
      requireClasses(opened);
      Evaluation.Result result =
          Evaluation.of(opened, new Evaluation.Request(chosen, queries, gallery, wanted, changed));
      tell(console, opened.attributes(), result);
      Map<String, Object> json = EvaluationJson.of(result);
      EvaluationJson.write(opened.directory().evaluation(), json);
      RunReport.write(opened, result, null);
      console.print("report: %s", opened.directory().report());
      console.result(json);
    }
    return ExitCode.OK;
  }

  private int features(Console console, Wanted wanted) {
    if (changed > 0) {
      throw UserError.of("features have no queries of attributes")
          .at("--changed")
          .mend("give a run that learned from attributes");
    }
    Dataset all = Datasets.open(run, Datasets.Layout.FEATURES);
    boolean tested = all.indices(Split.TEST).length > 0;
    Split chosen = split == null ? (tested ? Split.TEST : Split.ALL) : split;
    try (Backend backend = common.open()) {
      Session session = new Session(backend, common.threads(), console);
      Evaluation.Result result =
          Evaluation.ofFeatures(
              all, new Evaluation.Request(chosen, queries, gallery, wanted, changed), session);
      tell(console, false, result);
      console.result(EvaluationJson.of(result));
    }
    return ExitCode.OK;
  }

  private Wanted wanted() {
    List<String> names = new ArrayList<>(measures);
    if (clusters > 0) {
      names.addAll(List.of("NMI", "AMI"));
    }
    int shown = worst == 0 && (html != null || picture != null) ? WORST : worst;
    return new Wanted(
        Measures.named(names),
        clusters,
        shown,
        bootstrap,
        common.seed(0),
        memory == null ? Evaluator.usualMemory() : memory);
  }

  /** What looks at classes has nothing to look at in a run that learned from attributes. */
  private void requireClasses(Run opened) {
    boolean asked =
        !measures.isEmpty()
            || bootstrap + clusters + worst > 0
            || confusion != null
            || html != null
            || picture != null
            || csv != null;
    if (!opened.attributes() && changed > 0) {
      throw UserError.of("the queries of this run are pictures")
          .at("--changed")
          .rule("an attribute can be changed where a run learned from attributes")
          .mend("leave it away");
    }
    if (opened.attributes() && asked) {
      throw UserError.of("the queries of this run are attributes")
          .at(run)
          .rule("measures, intervals, groups, confusion and worst queries are of classes")
          .mend("leave these options away; --json has the figures of each attribute");
    }
  }

  private void tell(Console console, boolean attributes, Evaluation.Result result) {
    EvaluationText text = new EvaluationText(console, result);
    if (measures.isEmpty() && bootstrap == 0) {
      text.print(attributes);
    }
    if (!measures.isEmpty() || bootstrap + clusters > 0) {
      List<String> names = new ArrayList<>(measures);
      if (clusters > 0) {
        names.addAll(List.of("NMI", "AMI"));
      }
      text.measures(names);
    }
    if (attributes) {
      return;
    }
    if (confusion != null) {
      text.confused();
      EvaluationTables.confusion(confusion, result.found().confusion());
      console.print("confusion: %s", confusion);
    }
    if (csv != null) {
      EvaluationTables.queries(csv, result.found());
      console.print("figures of each query: %s", csv);
    }
    text.worst();
    if (html != null) {
      WorstQueries.page(html, result);
      console.print("page: %s", html);
    }
    if (picture != null) {
      WorstQueries.picture(picture, result);
      console.print("picture: %s", picture);
    }
  }
}

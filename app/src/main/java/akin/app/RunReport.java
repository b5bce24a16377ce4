package akin.app;

import akin.app.report.Block;
import akin.app.report.ConfusionPicture;
import akin.app.report.GalleryPicture;
import akin.app.report.Report;
import akin.nn.io.AtomicFile;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Image;
import akin.retrieval.data.ImageCodec;
import akin.retrieval.evaluation.Confusion;
import akin.retrieval.metric.PrecisionRecall;
import akin.retrieval.metric.Scores;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.metric.TripletShares;
import akin.retrieval.query.Query;
import akin.retrieval.search.Evaluation;
import akin.retrieval.search.Gallery;
import akin.retrieval.search.Run;
import akin.retrieval.search.Search;
import akin.tensor.backend.SearchForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The page of a run: figures, curves, and galleries with hits and misses marked. */
final class RunReport {
  private static final int SHOWN = 10;
  private static final int NEAREST = 50;
  private static final int QUERIES = 14;
  private static final int TILE = 72;
  private static final int POINTS = 500; // of a line over updates
  private static final double WHOLE = 1e9; // the file has shares; the warnings count triplets
  private static final double JPEG_QUALITY = 0.85;

  private RunReport() {}

  /**
   * Writes report.html.
   *
   * @param queries to show with their answers; null for some of the run's own
   */
  static void write(Run run, Evaluation.Result result, List<String> queries) {
    List<Report.Section> sections = new ArrayList<>();
    sections.add(figures(run, result));
    MetricsTable metrics = MetricsTable.read(run.directory().metrics());
    if (!metrics.isEmpty()) {
      sections.add(training(run, metrics));
    }
    sections.add(curves(result));
    if (result.found() != null) {
      sections.add(classes(result.found().confusion()));
    }
    Dataset pictures = run.pictures(result.split());
    boolean within = result.found() == null || result.found().sides().oneVersusRest();
    if (pictures.showsPictures() && within) {
      Gallery gallery =
          result.split() == run.defaultSplit() ? run.gallery(SearchForm.INT8) : run.embed(pictures);
      sections.add(answers(run, result, pictures, gallery, queries));
    }
    if (!result.single().isEmpty()) {
      sections.add(Report.Section.of("Every attribute", each(result)));
    }
    new Report(title(run), subtitle(run, result), sections).write(run.directory().report());
  }

  private static String title(Run run) {
    String name = run.directory().path().toAbsolutePath().normalize().getFileName().toString();
    return "Akin: " + name;
  }

  private static String subtitle(Run run, Evaluation.Result result) {
    return String.format(
        Locale.ROOT,
        "%s, seed %d; %s, gallery of %d pictures",
        run.config().objective().name(),
        run.config().seed(),
        result.name(),
        result.gallery());
  }

  // ---- figures ----

  private static Report.Section figures(Run run, Evaluation.Result result) {
    List<Block.Fact> facts = new ArrayList<>();
    Scores scores = result.scores();
    facts.add(new Block.Fact("queries", String.valueOf(scores.queries()), ""));
    if (!Double.isNaN(result.accuracy())) {
      facts.add(new Block.Fact("accuracy", number(result.accuracy()), ""));
    }
    String random = "random ranking " + number(result.baseRate());
    facts.add(new Block.Fact("P@10", number(scores.mean("P@10")), random));
    facts.add(new Block.Fact("mAP", number(scores.mean("mAP")), ""));
    facts.add(new Block.Fact("Recall@1", number(scores.mean("Recall@1")), ""));
    List<List<String>> rows = new ArrayList<>();
    String kind = run.attributes() ? "single attributes" : "pictures, each as a query";
    rows.add(row(kind, scores));
    result
        .forms()
        .forEach(
            (form, s) ->
                rows.add(row("as " + form.name().toLowerCase(Locale.ROOT).replace('_', '-'), s)));
    if (result.pairs() != null) {
      rows.add(row(result.pairs().queries() + " pairs of attributes", result.pairs()));
    }
    if (result.without() != null) {
      rows.add(row(result.without().queries() + " of one without another", result.without()));
    }
    String base = number(result.baseRate());
    rows.add(List.of("random ranking (base rate)", base, base, base, "", ""));
    return Report.Section.of(
        "Retrieval",
        new Block.Facts(facts),
        new Block.Table(
            "Means over queries", List.of("queries", "P@1", "P@5", "P@10", "mAP", "MAP@R"), rows));
  }

  private static List<String> row(String name, Scores s) {
    return List.of(
        name,
        number(s.mean("P@1")),
        number(s.mean("P@5")),
        number(s.mean("P@10")),
        number(s.mean("mAP")),
        number(s.mean("MAP@R")));
  }

  private static Block each(Evaluation.Result result) {
    List<List<String>> rows = new ArrayList<>();
    result.single().stream()
        .sorted(Comparator.comparingDouble((Evaluation.Single s) -> -s.scores().mean("P@10")))
        .forEach(
            s ->
                rows.add(
                    List.of(
                        s.attribute(),
                        String.valueOf(s.relevant()),
                        number((double) s.relevant() / result.gallery()),
                        number(s.scores().mean("P@10")),
                        number(s.scores().mean("mAP")))));
    return new Block.Table(
        "Each attribute as a query, best first",
        List.of("attribute", "pictures", "base rate", "P@10", "AP"),
        rows);
  }

  /** Which classes are nearest to which. */
  private static Report.Section classes(Confusion confusion) {
    List<List<String>> rows = new ArrayList<>();
    for (Confusion.Pair pair : confusion.worst(SHOWN)) {
      rows.add(
          List.of(
              pair.query(), pair.nearest(), String.valueOf(pair.count()), number(pair.share())));
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Table(
            "Most confused: the nearest picture is of another class",
            List.of("query", "nearest", "queries", "share of the class"),
            rows));
    int n = confusion.classes().size();
    if (n <= ConfusionPicture.MOST) {
      String names = String.join(", ", confusion.classes());
      blocks.add(
          new Block.Picture(
              "Queries' classes down, their nearest pictures' across: " + names,
              ConfusionPicture.draw(confusion.shares())));
    }
    return new Report.Section("Classes", blocks);
  }

  // ---- curves ----

  private static Report.Section training(Run run, MetricsTable metrics) {
    double[] epoch = metrics.get("epoch");
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Notice(warnings(run.config().objective(), metrics)));
    List<Block.Line> losses = new ArrayList<>();
    losses.add(new Block.Line("training", epoch, metrics.get("train_loss")));
    if (metrics.has("validation_loss")) {
      losses.add(new Block.Line("validation", epoch, metrics.get("validation_loss")));
    }
    losses.add(new Block.Line("learning rate", epoch, metrics.get("rate"), true));
    blocks.add(new Block.LineChart("Loss", "epoch", "loss", "learning rate", false, losses));
    for (String part : List.of("train", "validation")) {
      if (metrics.has(part + "_easy")) {
        blocks.add(
            new Block.ShareChart(
                "Triplets, " + (part.equals("train") ? "training" : part),
                "epoch",
                epoch,
                List.of("easy", "semi-hard", "hard"),
                new double[][] {
                  metrics.get(part + "_easy"),
                  metrics.get(part + "_semihard"),
                  metrics.get(part + "_hard")
                }));
      }
    }
    MetricsTable steps = MetricsTable.read(run.directory().steps());
    if (steps.has("rate")) {
      blocks.add(updates(steps));
    }
    if (run.config().objective() instanceof ObjectiveConfig.PartialQueries p) {
      blocks.add(
          new Block.Paragraph(
              "The anchor of a triplet is a query, the positive a picture that satisfies it, the"
                  + " negative one that does not; easy means nearer by a margin of "
                  + p.margin()
                  + "."));
    }
    return new Report.Section("Training", blocks);
  }

  /** Learning rate and loss of every update; of a long run, of evenly spaced ones. */
  private static Block updates(MetricsTable steps) {
    int all = steps.get("step").length;
    int shown = Math.min(all, POINTS);
    UnaryOperator<double[]> thinned =
        column ->
            IntStream.range(0, shown)
                .mapToDouble(i -> column[(int) ((long) i * (all - 1) / Math.max(1, shown - 1))])
                .toArray();
    double[] at = thinned.apply(steps.get("step"));
    return new Block.LineChart(
        "Every update",
        "update",
        "loss",
        "learning rate",
        false,
        List.of(
            new Block.Line("loss", at, thinned.apply(steps.get("loss"))),
            new Block.Line("learning rate", at, thinned.apply(steps.get("rate")), true)));
  }

  /** What the epochs warn of, in plain words; nothing where no triplets were watched. */
  private static List<String> warnings(ObjectiveConfig objective, MetricsTable metrics) {
    double margin =
        objective instanceof ObjectiveConfig.AllTriplets all
            ? all.margin()
            : objective instanceof ObjectiveConfig.AttributeTriplets attributes
                ? attributes.margin()
                : objective instanceof ObjectiveConfig.PartialQueries partial
                    ? partial.margin()
                    : 0;
    if (margin == 0 || !metrics.has("train_easy")) {
      return List.of();
    }
    List<TrainingWarnings.Epoch> history = new ArrayList<>();
    for (int i = 0; i < metrics.get("epoch").length; i++) {
      history.add(
          new TrainingWarnings.Epoch(
              metrics.get("train_loss")[i],
              new TripletShares(
                  Math.round(WHOLE * metrics.get("train_easy")[i]),
                  Math.round(WHOLE * metrics.get("train_semihard")[i]),
                  Math.round(WHOLE * metrics.get("train_hard")[i])),
              metrics.get("train_distance")[i],
              Double.NaN));
    }
    return TrainingWarnings.of(history, margin).stream()
        .map(TrainingWarnings.Warning::text)
        .toList();
  }

  private static Report.Section curves(Evaluation.Result result) {
    return Report.Section.of(
        "Precision and recall",
        Block.LineChart.precisionRecall(
            "Mean over queries",
            List.of(
                line("11 points, interpolated", result.elevenPoints()),
                line("at every rank", thinned(result.perRank())))));
  }

  private static Block.Line line(String name, PrecisionRecall curve) {
    return new Block.Line(name, curve.recall(), curve.precision());
  }

  /** At most some hundred points: the first ranks, where most happens, and every n-th after. */
  private static PrecisionRecall thinned(PrecisionRecall curve) {
    List<Integer> kept = new ArrayList<>();
    for (double rank = 1; rank <= curve.recall().length; rank = Math.max(rank + 1, rank * 1.05)) {
      kept.add((int) rank - 1);
    }
    return new PrecisionRecall(
        kept.stream().mapToDouble(i -> curve.recall()[i]).toArray(),
        kept.stream().mapToDouble(i -> curve.precision()[i]).toArray());
  }

  // ---- galleries ----

  private static Report.Section answers(
      Run run, Evaluation.Result result, Dataset pictures, Gallery gallery, List<String> queries) {
    Search search = new Search(run, gallery, run.defaultForm(), null);
    List<String> asked =
        queries != null
            ? queries
            : run.attributes() ? attributeQueries(result) : classQueries(gallery);
    int k = Math.min(run.attributes() ? SHOWN : NEAREST, gallery.index().size() - 1);
    Map<String, Integer> rows = rows(pictures);
    List<Block.Row> shown = new ArrayList<>();
    for (String text : asked) {
      Query query = search.parse(text);
      shown.add(row(search.ask(query, k), pictures, rows));
    }
    return Report.Section.of(
        "Answers",
        new Block.Gallery(
            "The " + k + " nearest pictures of each query; ✓ satisfies it, ✗ does not", shown));
  }

  /** The attributes from the best found to the worst, evenly. */
  private static List<String> attributeQueries(Evaluation.Result result) {
    List<Evaluation.Single> sorted = new ArrayList<>(result.single());
    sorted.sort(Comparator.comparingDouble(s -> -s.scores().mean("mAP")));
    List<String> queries = new ArrayList<>();
    int count = Math.min(QUERIES, sorted.size());
    for (int i = 0; i < count; i++) {
      int at = count == 1 ? 0 : i * (sorted.size() - 1) / (count - 1);
      queries.add("+" + sorted.get(at).attribute());
    }
    return queries;
  }

  /** The first picture of each class. */
  private static List<String> classQueries(Gallery gallery) {
    Map<String, String> first = new HashMap<>();
    for (int i = 0; i < gallery.index().size() && first.size() < QUERIES; i++) {
      first.putIfAbsent(gallery.labels().get(i), "like:\"" + gallery.index().id(i) + "\"");
    }
    return first.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .toList();
  }

  private static Map<String, Integer> rows(Dataset pictures) {
    Map<String, Integer> rows = new HashMap<>();
    for (int i = 0; i < pictures.size(); i++) {
      rows.put(pictures.id(i), i);
    }
    return rows;
  }

  private static Block.Row row(Search.Answer answer, Dataset pictures, Map<String, Integer> rows) {
    List<Block.Hit> hits = new ArrayList<>();
    for (Search.Hit hit : answer.hits()) {
      Image image = pictures.image(rows.get(hit.id()));
      hits.add(new Block.Hit(hit.id(), image, hit.distance(), hit.relevant()));
    }
    String note =
        answer.relevantInGallery() < 0
            ? ""
            : String.format(
                Locale.ROOT,
                "P@%d %.2f; %d in the gallery",
                answer.hits().size(),
                answer.precision(),
                answer.relevantInGallery());
    return new Block.Row(
        answer.query().toString(), note, asked(answer.query(), pictures, rows), hits);
  }

  private static Image asked(Query query, Dataset pictures, Map<String, Integer> rows) {
    for (Query.Image image : query.images()) {
      if (rows.containsKey(image.image())) {
        return pictures.image(rows.get(image.image()));
      }
      if (Files.isRegularFile(Path.of(image.image()))) {
        return Image.decode(Path.of(image.image()));
      }
    }
    return null;
  }

  /** The answers with their pictures. */
  private static Block.Gallery gallery(Run run, List<Search.Answer> answers) {
    Dataset pictures = run.pictures(run.defaultSplit());
    Map<String, Integer> rows = rows(pictures);
    return new Block.Gallery("", answers.stream().map(a -> row(a, pictures, rows)).toList());
  }

  /** Writes a page of answers alone. */
  static void page(Path file, Run run, List<Search.Answer> answers) {
    new Report(
            title(run),
            answers.size() == 1 ? answers.get(0).query().toString() : answers.size() + " queries",
            List.of(Report.Section.of("Answers", gallery(run, answers))))
        .write(file);
  }

  /** Writes the answers as one picture, JPEG or PNG. */
  static void picture(Path file, Run run, List<Search.Answer> answers) {
    Image sheet = new GalleryPicture(TILE, SHOWN).draw(gallery(run, answers));
    boolean jpeg = file.toString().toLowerCase(Locale.ROOT).matches(".*\\.jpe?g");
    byte[] bytes = jpeg ? ImageCodec.jpeg(sheet, JPEG_QUALITY) : ImageCodec.png(sheet);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  private static String number(double x) {
    return Double.isNaN(x) ? "–" : String.format(Locale.ROOT, "%.3f", x);
  }
}

package akin.bench;

import akin.app.Main;
import akin.nn.io.AtomicFile;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Entry;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.RunConfig;
import akin.retrieval.train.RunDirectory;
import akin.retrieval.train.Training;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trains the lab's network with every loss of the catalogue, all with as many pictures, and writes
 * how well each finds the test pictures of MNIST and Fashion-MNIST into {@code docs/losses.md}.
 *
 * <pre>bench/losses MNIST FASHION [LOSS …]</pre>
 *
 * Exit code 1 if a loss collapses: less than half of the pictures have one of their class next to
 * them.
 */
final class LossTable {
  private static final String BEGIN = "<!-- bench/losses writes from here -->\n";
  private static final String END = "<!-- to here -->\n";
  private static final int STEPS = 500;
  private static final int TIMED = 100;
  private static final int BATCH = 120;
  private static final double COLLAPSED = 0.5; // Recall@1; where all embeddings are alike it is 0.1
  private static final String UNTRAINED = "(untrained)";

  private static final List<String> SLOWLY = List.of("training.optimizer.rate=0.0003");

  /** What a loss is trained with beside its name; the page says why. */
  private static final Map<String, List<String>> WITH =
      Map.ofEntries(
          Map.entry("lifted-structure", SLOWLY),
          Map.entry("generalized-lifted-structure", SLOWLY),
          Map.entry("n-pairs", SLOWLY),
          Map.entry("nca", SLOWLY),
          Map.entry("dynamic-soft-margin", SLOWLY),
          Map.entry(
              "intra-pair-variance",
              List.of(
                  "objective.loss=multi-similarity", "objective.beside={intra-pair-variance: 1}")),
          Map.entry(
              "threshold-consistent-margin",
              List.of(
                  "objective.loss=multi-similarity",
                  "objective.beside={threshold-consistent-margin: 1}")),
          Map.entry("vicreg", List.of("data.shift=3")),
          Map.entry("instance", List.of("objective.views=true", "data.shift=3")),
          Map.entry(
              "large-margin-softmax",
              List.of("objective.normalize=true", "objective.options={scale: 16}")),
          Map.entry(
              "sphereface", List.of("objective.normalize=true", "objective.options={scale: 16}")),
          Map.entry("manifold", List.of("objective.options={alpha: 0.5, margin: 0.05}")));

  private final Path root;
  private final Path scratch;
  private final ObjectMapper json = new ObjectMapper();

  private LossTable(Path root) {
    this.root = root;
    scratch = root.resolve("bench/target/losses");
  }

  private record Data(String name, Path folder) {}

  /** How well a loss did. */
  private record Figures(double map, double mapAtR, double recall) {}

  /** The property {@code akin.root} is where the repository lies. */
  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      System.err.println("bench/losses MNIST FASHION [LOSS ...]");
      System.exit(2);
    }
    List<Data> data =
        List.of(
            new Data("MNIST", Path.of(args[0]).toAbsolutePath()),
            new Data("Fashion-MNIST", Path.of(args[1]).toAbsolutePath()));
    LossTable table = new LossTable(Path.of(System.getProperty("akin.root")));
    try {
      System.exit(table.run(data, List.of(args).subList(2, args.length)) ? 0 : 1);
    } catch (UserError e) {
      System.err.println("bench/losses: " + e.getMessage());
      System.exit(1);
    }
  }

  private boolean run(List<Data> data, List<String> only) throws IOException {
    List<String> losses = new ArrayList<>(List.of(UNTRAINED));
    Catalogue.losses().stream().map(Entry::name).forEach(losses::add);
    losses.removeIf(loss -> !only.isEmpty() && !only.contains(loss));
    StringBuilder text = new StringBuilder();
    text.append(
            "| loss | `--set` | MNIST mAP | MAP@R | Recall@1 | Fashion-MNIST mAP | MAP@R | Recall@1 |")
        .append(" ms a step |\n")
        .append("|---|---|---|---|---|---|---|---|---|\n");
    boolean fine = true;
    for (String loss : losses) {
      text.append("| ").append(loss.equals(UNTRAINED) ? loss : "`" + loss + "`");
      String with = String.join("`, `", WITH.getOrDefault(loss, List.of()));
      text.append(" | ").append(with.isEmpty() ? "" : "`" + with + "`");
      for (Data set : data) {
        Figures f = figures(set, loss);
        boolean collapsed = f.recall() < COLLAPSED;
        fine &= !collapsed;
        text.append(cell(f.map())).append(cell(f.mapAtR())).append(cell(f.recall()));
        System.err.printf(
            Locale.ROOT,
            "%-28s %-13s mAP %.4f, MAP@R %.4f, Recall@1 %.4f%s%n",
            loss,
            set.name(),
            f.map(),
            f.mapAtR(),
            f.recall(),
            collapsed ? "  COLLAPSED" : "");
      }
      boolean timed = only.isEmpty() && !loss.equals(UNTRAINED);
      double step = timed ? step(data.get(0), loss) : 0;
      text.append(timed ? String.format(Locale.ROOT, " | %.1f |\n", step) : " | – |\n");
    }
    if (only.isEmpty()) {
      paste(text.toString());
    }
    return fine;
  }

  private static String cell(double figure) {
    return String.format(Locale.ROOT, " | %.4f", figure);
  }

  /** What was measured before is not measured again. */
  private Figures figures(Data set, String loss) throws IOException {
    Path run = scratch.resolve(set.name()).resolve(loss.replaceAll("[()]", ""));
    Path file = run.resolve("figures.json");
    if (!Files.isRegularFile(file)) {
      train(set, loss, run, STEPS);
      JsonNode found = evaluate(run);
      Figures made =
          new Figures(
              found.get("mAP").asDouble(),
              found.get("MAP@R").asDouble(),
              found.get("Recall@1").asDouble());
      AtomicFile.write(file, out -> out.write(json.writeValueAsBytes(made)));
    }
    return json.readValue(file.toFile(), Figures.class);
  }

  /** Median time of a training step, ms; by itself, so that nothing was trained before it. */
  private double step(Data set, String loss) throws IOException {
    Path run = scratch.resolve("time").resolve(loss);
    Path file = run.resolve("step.json");
    if (!Files.isRegularFile(file)) {
      double median = train(set, loss, run, TIMED);
      AtomicFile.write(file, out -> out.write(json.writeValueAsBytes(median)));
    }
    return json.readValue(file.toFile(), Double.class);
  }

  private double train(Data set, String loss, Path run, int steps) {
    boolean trained = !loss.equals(UNTRAINED);
    List<String> overrides = new ArrayList<>();
    overrides.add("training.epochs=" + (trained ? 1 : 0));
    overrides.add("training.steps=" + steps);
    overrides.add("training.batch=" + BATCH);
    if (trained) {
      overrides.add("objective.loss=" + loss);
      overrides.addAll(WITH.getOrDefault(loss, List.of()));
    }
    RunConfig recipe =
        ConfigLoader.load(root.resolve("configs/mnist-metric.yaml"), RunConfig.class, overrides);
    StepClock clock = new StepClock(steps);
    try (Backend backend = Backends.open("cpu", 1)) {
      Session session = new Session(backend, 1, clock);
      Training.run(recipe, set.folder(), new RunDirectory(run), false, session);
    }
    return trained ? clock.median() : 0;
  }

  private JsonNode evaluate(Path run) throws IOException {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            "evaluate",
            run.toString(),
            "--json");
    if (code != 0) {
      throw UserError.of(err.toString()).rule("akin evaluate ends well").mend("look at " + run);
    }
    return json.readTree(out.toString());
  }

  private void paste(String table) throws IOException {
    Path page = root.resolve("docs/losses.md");
    String text = Files.readString(page);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    String written = text.substring(0, from) + "\n" + table + "\n" + text.substring(to);
    AtomicFile.write(page, out -> out.write(written.getBytes(StandardCharsets.UTF_8)));
  }

  /** Hears of training steps and keeps when each was done. */
  private static final class StepClock implements Progress {
    private final long[] done;
    private int count;

    /**
     * @param steps of an epoch; bars of other lengths are not looked at
     */
    StepClock(int steps) {
      done = new long[steps];
    }

    /** Median time of a step in the second half, when what it needs has been compiled; in ms. */
    double median() {
      double[] gaps = new double[count / 2 - 1];
      int from = count - gaps.length;
      Arrays.setAll(gaps, i -> (done[from + i] - done[from + i - 1]) / 1e6);
      Arrays.sort(gaps);
      return gaps[gaps.length / 2];
    }

    @Override
    public Bar start(String task, long total) {
      return new Bar() {
        @Override
        public void advance(long by) {
          if (total == done.length && count < done.length) {
            done[count++] = System.nanoTime();
          }
        }

        @Override
        public void note(String text) {}

        @Override
        public void close() {}
      };
    }

    @Override
    public void say(String line) {}
  }
}

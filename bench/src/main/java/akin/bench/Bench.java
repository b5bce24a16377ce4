package akin.bench;

import akin.nn.io.AtomicFile;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command {@code bench/run}. */
@Command(
    name = "bench/run",
    description = {
      "Has Akin and its peers do the same work in turn, and prints who was how fast.",
      "Every figure comes from processes of its own; docs/performance.md says how to read them."
    })
final class Bench implements Callable<Integer> {
  private static final String BEGIN = "<!-- bench/run --markdown writes from here -->\n";
  private static final String END = "<!-- to here -->\n";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = 100,
      description = "Print this help.")
  private boolean help;

  @Option(
      names = "--rows",
      description = "Print the names of the rows (or kernels), and do nothing else.")
  private boolean list;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      description = "Only rows whose names contain the text; may be given several times.")
  private List<String> only = List.of();

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      description = "Numbers of threads; without it 1 and 2, or 1 where there is one processor.")
  private List<Integer> threads;

  @Option(names = "--quick", description = "One round of the best peers with one thread.")
  private boolean quick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each contestant starts; without it 3, or 1 if --quick.")
  private Integer rounds;

  @Option(
      names = "--kernels",
      description = "Time the backend's methods with JMH instead; --only chooses among them.")
  private boolean kernels;

  @Option(
      names = "--operators",
      description = "Tell where the time of Akin's rows goes instead, by operator.")
  private boolean operators;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Write the table into a page, too, between its two marks.")
  private Path markdown;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Print the table of earlier results instead of measuring.")
  private Path from;

  private final Path root;

  private Bench(Path root) {
    this.root = root;
  }

  /** Runs the command; the property {@code akin.root} is where the repository lies. */
  public static void main(String[] args) {
    System.exit(run(Path.of(System.getProperty("akin.root")), args));
  }

  /** Runs the command on the repository that lies at {@code root}; gives its exit code. */
  static int run(Path root, String... args) {
    CommandLine command = new CommandLine(new Bench(root));
    command.setParameterExceptionHandler(Bench::wrong);
    command.setExecutionExceptionHandler(
        (e, line, parsed) -> {
          if (!(e instanceof UserError)) {
            throw e;
          }
          System.err.println("bench/run: " + e.getMessage());
          return e.getMessage().startsWith("-") ? ExitCode.USAGE : ExitCode.SOFTWARE;
        });
    return command.execute(args);
  }

  private static int wrong(ParameterException e, String[] args) {
    List<String> known = new ArrayList<>();
    e.getCommandLine().getCommandSpec().options().forEach(o -> known.addAll(List.of(o.names())));
    System.err.println("bench/run: " + e.getMessage());
    for (String arg : args) {
      String name = arg.split("=", 2)[0];
      if (name.startsWith("-") && !known.contains(name)) {
        System.err.println("  mend: " + NearestName.hint(name, known));
        break;
      }
    }
    System.err.println("  bench/run --help tells the usage");
    return ExitCode.USAGE;
  }

  @Override
  public Integer call() throws IOException {
    if (list) {
      names().forEach(System.out::println);
      return ExitCode.OK;
    }
    if (kernels) {
      kernels();
      return ExitCode.OK;
    }
    if (operators) {
      operators();
      return ExitCode.OK;
    }
    ObjectMapper json = new ObjectMapper();
    Results results;
    if (from != null) {
      if (!Files.isRegularFile(from)) {
        throw UserError.of("there are no results").at(from).mend("bench/run writes them");
      }
      results = read(json);
    } else {
      results = measure();
      Path file = root.resolve("bench/target/results.json");
      AtomicFile.write(file, out -> out.write(json.writeValueAsBytes(results)));
      System.err.println("all figures: " + file);
    }
    Table table = new Table(results);
    System.out.print(table.plain());
    if (markdown != null) {
      paste(table.markdown());
    }
    return ExitCode.OK;
  }

  private Results read(ObjectMapper json) throws IOException {
    String rule = "date, machine, about and figures";
    try {
      Results results = json.readValue(from.toFile(), Results.class);
      if (results != null && results.figures() != null) {
        return results;
      }
    } catch (JsonProcessingException e) {
      rule += "; " + e.getOriginalMessage();
    }
    throw UserError.of("these are no results of the bench")
        .at(from)
        .rule(rule)
        .mend("bench/run writes bench/target/results.json");
  }

  private List<Row> rows() {
    List<Row> rows = Rows.ALL.stream().filter(row -> wanted(row.name())).toList();
    requireSome(rows);
    return rows;
  }

  private Sampler sampler() {
    return quick ? new Sampler(1.5, 8, 0.75) : new Sampler(2, 24, 1.5);
  }

  private void operators() throws IOException {
    List<Row> rows = rows().stream().filter(row -> !row.timed()).toList();
    for (int count : counts()) {
      Contest contest = contest(sampler(), 1);
      double peak = 1e9 * Rows.PEAK.figure(Standing.median(contest.limit(Rows.PEAK, count)));
      for (Row row : rows) {
        contest.operators(row, count, peak);
      }
    }
  }

  private Results measure() {
    List<Row> rows = rows();
    Sampler sampler = sampler();
    int times = rounds != null ? rounds : quick ? 1 : 3;
    if (times < 1) {
      throw UserError.of("nothing would be measured").at("--rounds " + times).rule("N ≥ 1");
    }
    Contest contest = contest(sampler, times);
    List<Figure> figures = new ArrayList<>();
    for (int count : counts()) {
      figures.add(contest.limit(Rows.PEAK, count));
      figures.add(contest.limit(Rows.BANDWIDTH, count));
      for (Row row : rows) {
        figures.addAll(contest.run(row, count));
      }
    }
    String about =
        String.format(
            Locale.ROOT,
            "%d rounds, at least %.1f s of warming up and %.2f s of samples each",
            times,
            sampler.warm(),
            sampler.measure());
    return new Results(LocalDate.now().toString(), Machine.describe(), about, figures);
  }

  private Contest contest(Sampler sampler, int times) {
    Contest.Places places = new Contest.Places(root, Path.of("/usr/bin/python3"));
    return new Contest(places, sampler, times, quick, System.err::println);
  }

  private List<String> names() {
    return kernels
        ? Kernel.all().stream().map(Kernel::name).toList()
        : Rows.ALL.stream().map(Row::name).toList();
  }

  private boolean wanted(String name) {
    return only.isEmpty() || only.stream().anyMatch(name::contains);
  }

  private void requireSome(List<?> chosen) {
    if (chosen.isEmpty()) {
      throw UserError.of("nothing is called so")
          .at("--only " + String.join(" --only ", only))
          .mend("bench/run --rows lists the names, with --kernels those of kernels");
    }
  }

  private void kernels() {
    List<Kernel> chosen = Kernel.all().stream().filter(k -> wanted(k.name())).toList();
    requireSome(chosen);
    for (int count : counts()) {
      Contest contest = contest(new Sampler(1, 24, 1), 1);
      List<Figure> limits =
          List.of(contest.limit(Rows.PEAK, count), contest.limit(Rows.BANDWIDTH, count));
      Results results = new Results("", "", "", limits);
      new KernelRun(
              root, quick, results.limit(Rows.PEAK, count), results.limit(Rows.BANDWIDTH, count))
          .print(chosen, count);
    }
  }

  private List<Integer> counts() {
    int processors = Runtime.getRuntime().availableProcessors();
    List<Integer> asked = threads != null ? threads : quick ? List.of(1) : List.of(1, 2);
    for (int count : asked) {
      if (threads != null && (count < 1 || count > processors)) {
        throw UserError.of("that many threads would wait for each other")
            .at("--threads " + count)
            .rule("from 1 to " + processors + ", the processors of this process");
      }
    }
    return asked.stream().filter(count -> count <= processors).toList();
  }

  private void paste(String table) throws IOException {
    String page = Files.readString(markdown);
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END, Math.max(0, begin));
    if (begin < 0 || end < 0) {
      throw UserError.of("the page has no place for the table")
          .at(markdown)
          .rule("it stands between " + BEGIN.strip() + " and " + END.strip());
    }
    String pasted = page.substring(0, begin) + BEGIN + "\n" + table + "\n" + page.substring(end);
    AtomicFile.write(markdown, out -> out.write(pasted.getBytes(StandardCharsets.UTF_8)));
  }
}

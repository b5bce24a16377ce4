package akin.bench;

import akin.bench.Peer.Program;
import akin.tensor.UserError;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Has Akin and its peers do the same work in turn: A B C, A B C … Every figure comes from a process
 * of its own, so that what the machine does meanwhile meets all alike, and so that nobody profits
 * from what somebody else left in a cache.
 */
final class Contest {
  private static final String AKIN = "akin";
  private static final double BEHIND = 1.3; // times as slow as the best in the first round
  private static final int MINUTES = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Places places;
  private final Sampler sampler;
  private final int rounds;
  private final boolean quick;
  private final Map<String, String> installed;
  private final Consumer<String> progress;

  /**
   * Where things lie.
   *
   * @param root of the repository
   * @param python the interpreter of the peers
   */
  record Places(Path root, Path python) {
    Path script() {
      return root.resolve("bench/peers/peers.py");
    }

    Path target() {
      return root.resolve("bench/target");
    }

    Path models() {
      return target().resolve("models");
    }

    Path log() {
      return target().resolve("stderr.txt");
    }
  }

  Contest(Places places, Sampler sampler, int rounds, boolean quick, Consumer<String> progress) {
    this.places = places;
    this.sampler = sampler;
    this.rounds = rounds;
    this.quick = quick;
    this.progress = progress;
    installed = Python.libraries(places);
  }

  /** Versions of the Python libraries that are there. */
  Map<String, String> installed() {
    return installed;
  }

  /** Every contestant's figures, round by round. */
  List<Figure> run(Row row, int threads) {
    List<Figure> figures = new ArrayList<>();
    List<Peer> peers = new ArrayList<>();
    for (Peer peer : quick ? row.peers().subList(0, row.quick()) : row.peers()) {
      String missing = missing(peer, row);
      if (missing == null) {
        peers.add(peer);
      } else {
        figures.add(Figure.failed(row.name(), peer.id(), threads, missing));
      }
    }
    for (int round = 0; round < rounds; round++) {
      progress.accept(
          row.name() + ", threads: " + threads + ", round " + (round + 1) + "/" + rounds);
      figures.add(start(row, AKIN, threads, akin(AkinProcess.class)).inRound(round));
      for (Peer peer : peers) {
        figures.add(start(row, peer.id(), threads, command(peer)).inRound(round));
      }
      if (round == 0) {
        peers = abreast(peers, figures);
      }
    }
    return figures;
  }

  /** Who may yet be the best peer; the others have shown enough. */
  private static List<Peer> abreast(List<Peer> peers, List<Figure> figures) {
    Map<String, Double> times = new HashMap<>();
    figures.stream()
        .filter(f -> !f.by().equals(AKIN) && !f.seconds().isEmpty())
        .forEach(f -> times.put(f.by(), Standing.median(f)));
    double best = times.values().stream().mapToDouble(t -> t).min().orElse(0);
    return peers.stream()
        .filter(p -> times.getOrDefault(p.id(), Double.MAX_VALUE) <= BEHIND * best)
        .toList();
  }

  /** Akin alone, once. */
  Figure limit(Row row, int threads) {
    progress.accept(row.name() + ", threads: " + threads);
    return start(row, AKIN, threads, akin(AkinProcess.class));
  }

  /** Prints where Akin's time goes. */
  void operators(Row row, int threads, double peak) throws IOException {
    ProcessBuilder builder =
        process(row, AKIN, threads, akin(OperatorProcess.class), Double.toString(peak));
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    try {
      if (builder.start().waitFor() != 0) {
        throw UserError.of("the work fails: " + lastLine(places.log())).at(row.name());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Why the peer cannot take part; null if it can. */
  private String missing(Peer peer, Row row) {
    if (peer.program() == Program.PYTHON) {
      return installed.containsKey(peer.engine())
          ? null
          : "not installed: apt-get install " + peer.packages();
    }
    boolean needsModel = row.name().startsWith("infer ");
    if (needsModel && !Python.exported(places, installed)) {
      return "no models: apt-get install python3-torch python3-torchvision python3-onnx";
    }
    return null;
  }

  // ---- processes ----

  private List<String> java(String main, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    return command;
  }

  private List<String> akin(Class<?> main) {
    List<String> options = new ArrayList<>(Launcher.options(places.root()));
    options.add("-Dakin.root=" + places.root());
    return java(main.getName(), options);
  }

  private List<String> command(Peer peer) {
    return switch (peer.program()) {
      case PYTHON -> List.of(places.python().toString(), places.script().toString());
      case ORT -> java(OrtProcess.class.getName(), List.of());
      case DJL -> java(DjlProcess.class.getName(), List.of());
    };
  }

  private ProcessBuilder process(
      Row row, String by, int threads, List<String> program, String last) {
    List<String> command = new ArrayList<>(program);
    command.addAll(
        List.of(
            row.name(),
            by,
            Integer.toString(threads),
            Double.toString(sampler.warm()),
            Integer.toString(sampler.windows()),
            Double.toString(sampler.measure()),
            last));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(places.log().toFile());
    Python.tune(builder.environment(), threads);
    return builder;
  }

  private Figure start(Row row, String by, int threads, List<String> program) {
    ProcessBuilder builder = process(row, by, threads, program, places.models().toString());
    try {
      Files.createDirectories(places.target());
      Process process = builder.start();
      Thread end = new Thread(process::destroyForcibly);
      Runtime.getRuntime().addShutdownHook(end);
      Figure figure = read(process);
      boolean done = process.waitFor(MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(end);
      if (figure != null && done) {
        return figure;
      }
      return Figure.failed(row.name(), by, threads, lastLine(places.log()));
    } catch (IOException e) {
      throw UserError.of("cannot start a process: " + e.getMessage())
          .at(String.join(" ", builder.command()))
          .because(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The line of JSON among what the process prints; null if there is none. */
  private static Figure read(Process process) throws IOException {
    Figure figure = null;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("{\"row\"")) {
          figure = JSON.readValue(line, Figure.class);
        }
      }
    }
    return figure;
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "failed without a word" : lines.get(lines.size() - 1).strip();
  }
}

package akin.bench;

import akin.bench.Standing.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The results as a table, for a terminal or in Markdown. */
final class Table {
  private static final List<String> HEADER =
      List.of(
          "work",
          "threads",
          "unit",
          "Akin",
          "quartiles",
          "best peer",
          "its figure",
          "quartiles",
          "Akin ÷ peer",
          "target",
          "of the limit",
          "peak MiB",
          "peer's");
  private static final String NONE = "–";

  private final List<List<String>> lines = new ArrayList<>();
  private final Results results;

  Table(Results results) {
    this.results = results;
    results.standings().forEach(standing -> lines.add(cells(standing)));
  }

  private List<String> cells(Standing s) {
    Row row = s.row();
    Optional<Summary> akin = s.akin();
    Optional<Summary> best = s.best();
    double target = row.target().with(s.threads());
    return List.of(
        row.name(),
        Integer.toString(s.threads()),
        row.unit(),
        akin.map(a -> number(a.median())).orElse("failed"),
        akin.map(Table::quartiles).orElse(NONE),
        best.map(Summary::by).orElse(NONE),
        best.map(b -> number(b.median())).orElse(NONE),
        best.map(Table::quartiles).orElse(NONE),
        s.ratio().isPresent() ? String.format(Locale.ROOT, "%.2f", s.ratio().getAsDouble()) : NONE,
        row.timed() ? "< " + number(target) + " s" : "≥ " + number(target),
        limit(s),
        akin.map(Table::peak).orElse(NONE),
        best.map(Table::peak).orElse(NONE));
  }

  /** How much of what the limits allow. */
  private String limit(Standing s) {
    if (s.akin().isEmpty() || s.row().cost().flops() == 0) {
      return NONE;
    }
    double shortest = results.shortest(s.row(), s.threads());
    return shortest == 0
        ? NONE
        : String.format(
            Locale.ROOT, "%.0f %%", 100 * s.akin().get().median() / s.row().figure(shortest));
  }

  private static String quartiles(Summary s) {
    return number(s.low()) + "–" + number(s.high());
  }

  private static String peak(Summary s) {
    return s.peakBytes() == 0 ? NONE : Long.toString(s.peakBytes() >> 20);
  }

  /** Three digits that count. */
  private static String number(double x) {
    return String.format(Locale.ROOT, x >= 100 ? "%.0f" : x >= 10 ? "%.1f" : "%.2f", x);
  }

  /** In columns, with what went wrong below. */
  String plain() {
    int[] widths = new int[HEADER.size()];
    List<List<String>> all = new ArrayList<>(List.of(HEADER));
    all.addAll(lines);
    all.forEach(
        line -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], line.get(i).length());
          }
        });
    StringBuilder text = new StringBuilder();
    for (List<String> line : all) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        row.append(String.format("%-" + (widths[i] + 2) + "s", line.get(i)));
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.append(notes("")).toString();
  }

  /** With what went wrong below. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| ").append(String.join(" | ", HEADER)).append(" |\n");
    text.append("|---".repeat(HEADER.size())).append("|\n");
    lines.forEach(line -> text.append("| ").append(String.join(" | ", line)).append(" |\n"));
    return text.append(notes("\n")).append('\n').append(roofline()).toString();
  }

  /** What each row's work is at least, and what the limits make of that. */
  private String roofline() {
    StringBuilder text = new StringBuilder();
    text.append("| work | threads | GFLOP a call | MB a call | bound by | limit | Akin |\n");
    text.append("|---".repeat(7)).append("|\n");
    for (Standing s : results.standings()) {
      Row row = s.row();
      double shortest = results.shortest(row, s.threads());
      if (shortest == 0 || s.akin().isEmpty()) {
        continue;
      }
      boolean computes =
          row.cost().flops() / results.limit(Rows.PEAK, s.threads())
              >= row.cost().bytes() / results.limit(Rows.BANDWIDTH, s.threads());
      List<String> cells =
          List.of(
              row.name(),
              Integer.toString(s.threads()),
              number(row.cost().flops() / 1e9),
              number(row.cost().bytes() / 1e6),
              computes ? "multiply-adds" : "memory",
              number(row.figure(shortest)) + " " + row.unit(),
              number(s.akin().get().median()));
      text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
    return text.toString();
  }

  private String notes(String between) {
    StringBuilder text = new StringBuilder();
    for (String note : results.notes()) {
      text.append(between).append(note).append('\n');
    }
    for (Standing s : results.standings()) {
      for (Map.Entry<String, String> error : s.errors().entrySet()) {
        text.append(between)
            .append(s.row().name())
            .append(", ")
            .append(error.getKey())
            .append(": ")
            .append(error.getValue())
            .append('\n');
      }
    }
    return text.toString();
  }
}

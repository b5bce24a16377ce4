package akin.app;

import akin.retrieval.evaluation.Bootstrap;
import akin.retrieval.evaluation.ClassEvaluation;
import akin.retrieval.evaluation.Confusion;
import akin.retrieval.metric.Scores;
import akin.retrieval.search.ChangedQueries;
import akin.retrieval.search.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What people read of an evaluation. */
final class EvaluationText {
  private static final int CONFUSED = 5;
  private static final List<String> SHORT =
      List.of("P@1", "P@5", "P@10", "mAP", "MAP@R", "Recall@1");

  private final Console console;
  private final Evaluation.Result result;

  EvaluationText(Console console, Evaluation.Result result) {
    this.console = console;
    this.result = result;
  }

  /**
   * Prints a short table.
   *
   * @param attributes whether the queries are attributes
   */
  void print(boolean attributes) {
    console.print(
        "%s: %d queries, gallery of %d pictures",
        result.name(), result.scores().queries(), result.gallery());
    if (result.scores().leftOut() > 0) {
      console.print(
          "  %d queries left out: no picture is relevant to them", result.scores().leftOut());
    }
    if (!Double.isNaN(result.accuracy())) {
      console.print("  %-28s %.4f", "accuracy", result.accuracy());
    }
    console.print("  %-28s %8s %8s %8s %8s %8s", "", "P@1", "P@5", "P@10", "mAP", "MAP@R");
    row(attributes ? "single attributes" : "pictures", result.scores());
    result
        .forms()
        .forEach(
            (form, scores) ->
                row(
                    "  as " + form.name().toLowerCase(Locale.ROOT).replace('_', '-') + " vectors",
                    scores));
    if (!attributes) {
      console.print(
          "  %-28s %8.4f %8.4f %8.4f %8.4f   (K = 1, 2, 4, 8)",
          "Recall@K",
          result.scores().mean("Recall@1"),
          result.scores().mean("Recall@2"),
          result.scores().mean("Recall@4"),
          result.scores().mean("Recall@8"));
    }
    if (result.pairs() != null) {
      row("pairs of attributes (" + result.pairs().queries() + ")", result.pairs());
    }
    if (result.without() != null) {
      row("one without another (" + result.without().queries() + ")", result.without());
    }
    if (result.changed() != null) {
      ChangedQueries changed = result.changed();
      console.print(
          "  %d changed attributes: MCA@10 %.2f; by embeddings MCS@10 %.4f, CS-P@10 %.4f;"
              + " by attributes MCS@10 %.4f, CS-P@10 %.4f",
          changed.queries(),
          changed.embeddings().mca(),
          changed.embeddings().mcs(),
          changed.embeddings().csp(),
          changed.bits().mcs(),
          changed.bits().csp());
    }
    console.print(
        "  %-28s %8.4f %8.4f %8.4f",
        "random ranking", result.baseRate(), result.baseRate(), result.baseRate());
  }

  private void row(String name, Scores s) {
    console.print(
        "  %-28s %8.4f %8.4f %8.4f %8.4f %8.4f",
        name, s.mean("P@1"), s.mean("P@5"), s.mean("P@10"), s.mean("mAP"), s.mean("MAP@R"));
  }

  /**
   * Prints measures one by one, with intervals where there are any.
   *
   * @param names which; none for a few
   */
  void measures(List<String> names) {
    ClassEvaluation.Found found = result.found();
    boolean intervals = !found.intervals().isEmpty();
    console.print(
        "  %-28s %8s %10s   %s",
        "measure", "mean", "by class", intervals ? "95 % of other queries" : "");
    for (String name : names.isEmpty() ? SHORT : names) {
      Bootstrap.Interval interval = found.intervals().get(name);
      if (found.others().containsKey(name)) {
        console.print("  %-28s %8.4f", name, found.others().get(name));
      } else {
        console.print(
            "  %-28s %8.4f %10.4f   %s",
            name,
            result.scores().mean(name),
            found.byClass().mean(name),
            interval == null
                ? ""
                : String.format(Locale.ROOT, "%.4f – %.4f", interval.low(), interval.high()));
      }
    }
  }

  /** Prints the classes that are taken for each other most often. */
  void confused() {
    List<Confusion.Pair> pairs = result.found().confusion().worst(CONFUSED);
    if (pairs.isEmpty()) {
      console.print("  the nearest picture of every query is of its class");
    }
    for (Confusion.Pair pair : pairs) {
      console.print(
          "  %6.2f %% of %s (%d) are nearest to %s",
          100 * pair.share(), pair.query(), pair.count(), pair.nearest());
    }
  }

  /** Prints the queries with the lowest AP. */
  void worst() {
    for (ClassEvaluation.Worst worst : result.found().worst()) {
      List<String> nearest = new ArrayList<>();
      for (int row : worst.rows()) {
        nearest.add(result.found().sides().gallery().id(row));
      }
      console.print(
          "  AP %.4f  %s: %s",
          worst.precision(),
          result.found().sides().queries().id(worst.query()),
          String.join(", ", nearest.subList(0, Math.min(3, nearest.size()))));
    }
  }
}

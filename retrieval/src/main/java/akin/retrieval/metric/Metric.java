package akin.retrieval.metric;

import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/**
 * A metric by the name that reports and scripts use for its mean over queries. The definition is
 * that of the method of {@link RankedRelevance} beside the name.
 *
 * @param name such as {@code P@10} or {@code mAP}
 * @param of its value for one query
 */
public record Metric(String name, ToDoubleFunction<RankedRelevance> of) {

  /** The metrics without a rank. */
  private static final List<Metric> WHOLE =
      List.of(
          new Metric("mAP", RankedRelevance::averagePrecision),
          new Metric("AP-mean-P", RankedRelevance::meanPrecisionUpToR),
          new Metric("MAP@R", RankedRelevance::averagePrecisionUpToR),
          new Metric("R-precision", RankedRelevance::rPrecision),
          new Metric("MRR", RankedRelevance::reciprocalRank),
          new Metric("mINP", RankedRelevance::inverseNegativePenalty),
          new Metric("ARP", RankedRelevance::averagePosition),
          new Metric("AUC", RankedRelevance::rocArea));

  /** The metrics at a rank K, which follows the {@code @}. */
  private enum AtRank {
    PRECISION("P", RankedRelevance::precisionAt),
    RECALL("Recall", RankedRelevance::recallAt),
    IR_RECALL("IR-Recall", RankedRelevance::irRecallAt),
    MODIFIED_PRECISION("mMP", RankedRelevance::modifiedPrecisionAt),
    AVERAGE_PRECISION("AP", RankedRelevance::averagePrecisionAt),
    NDCG("nDCG", RankedRelevance::ndcgAt);

    private final String prefix;
    private final ToDoubleBiFunction<RankedRelevance, Integer> of;

    AtRank(String prefix, ToDoubleBiFunction<RankedRelevance, Integer> of) {
      this.prefix = prefix;
      this.of = of;
    }

    private Metric at(int k) {
      return new Metric(prefix + "@" + k, ranking -> of.applyAsDouble(ranking, k));
    }
  }

  /**
   * The metric of that name: {@code mAP}, {@code AP-mean-P}, {@code MAP@R}, {@code R-precision},
   * {@code MRR}, {@code mINP}, {@code ARP}, {@code AUC}, or with a whole number for K {@code P@K},
   * {@code Recall@K}, {@code IR-Recall@K}, {@code mMP@K}, {@code AP@K}, {@code nDCG@K}.
   *
   * @throws UserError for any other name
   */
  public static Metric named(String name) {
    for (Metric metric : WHOLE) {
      if (metric.name.equals(name)) {
        return metric;
      }
    }
    for (AtRank metric : AtRank.values()) {
      // At most nine digits, so that the rank is an int.
      if (name.matches(metric.prefix + "@[1-9][0-9]{0,8}")) {
        return metric.at(Integer.parseInt(name.substring(metric.prefix.length() + 1)));
      }
    }
    List<String> known = names();
    throw UserError.of("unknown metric '" + name + "'")
        .rule("the metrics are " + String.join(", ", known) + "; K is a whole number from 1")
        .mend(NearestName.hint(name, known));
  }

  /** The names of all metrics, those at a rank with {@code @K}. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    WHOLE.forEach(metric -> names.add(metric.name));
    for (AtRank metric : AtRank.values()) {
      names.add(metric.prefix + "@K");
    }
    return names;
  }

  /** The metrics of those names, in that order. */
  public static List<Metric> named(List<String> names) {
    return names.stream().map(Metric::named).toList();
  }

  @Override
  public String toString() {
    return name;
  }
}

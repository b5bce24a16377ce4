package akin.retrieval.evaluation;

import akin.retrieval.metric.Metric;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be measured, by name: metrics of each query, whose means are told, and measures of the
 * whole: {@code kNN@K} and {@code kNN-weighted@K}, the share of queries that {@link Votes} classify
 * rightly; {@code NMI} and {@code AMI} of k-means groups; {@code PCF@V}, the part of the principal
 * components that a share V of the variance needs; {@code FNMR@Q}, the false non-match rate at the
 * false match rate Q.
 *
 * @param metrics of each query
 * @param votes classifications by nearest rows
 * @param shares of the variance, for each PCF by name
 * @param rates of false matches, for each FNMR by name
 * @param nmi whether NMI is wanted
 * @param ami whether AMI is wanted
 */
public record Measures(
    List<Metric> metrics,
    List<Votes> votes,
    Map<String, Double> shares,
    Map<String, Double> rates,
    boolean nmi,
    boolean ami) {
  /** What is always measured, and kept in the figures for scripts. */
  public static final List<String> USUAL =
      List.of(
          "P@1",
          "P@5",
          "P@10",
          "P@100",
          "mAP",
          "MAP@R",
          "AP-mean-P",
          "R-precision",
          "MRR",
          "Recall@1",
          "Recall@2",
          "Recall@4",
          "Recall@8",
          "AP@10",
          "IR-Recall@10",
          "nDCG@10",
          "mMP@5",
          "mINP",
          "ARP");

  private static final String RANK = "[1-9][0-9]{0,5}";
  private static final String SHARE = "(0?\\.[0-9]{1,9}|[01](\\.0*)?)";

  /** The usual ones alone. */
  public static Measures usual() {
    return named(List.of());
  }

  /**
   * The usual ones, and those of the names.
   *
   * @throws UserError for a name that is none, with the nearest one
   */
  public static Measures named(List<String> names) {
    List<Metric> metrics = new ArrayList<>(Metric.named(USUAL));
    List<Votes> votes = new ArrayList<>();
    Map<String, Double> shares = new LinkedHashMap<>();
    Map<String, Double> rates = new LinkedHashMap<>();
    for (String name : names) {
      if (USUAL.contains(name) || name.equals("NMI") || name.equals("AMI")) {
        continue;
      }
      String value = name.substring(name.indexOf('@') + 1);
      if (name.matches("kNN(-weighted)?@" + RANK)) {
        votes.add(new Votes(Integer.parseInt(value), name.startsWith("kNN-weighted")));
      } else if (name.matches("PCF@" + SHARE) && Double.parseDouble(value) > 0) {
        shares.put(name, Double.parseDouble(value));
      } else if (name.matches("FNMR@" + SHARE)) {
        rates.put(name, Double.parseDouble(value));
      } else {
        metrics.add(metric(name));
      }
    }
    return new Measures(
        metrics, votes, shares, rates, names.contains("NMI"), names.contains("AMI"));
  }

  private static Metric metric(String name) {
    List<String> whole = List.of("kNN@K", "kNN-weighted@K", "NMI", "AMI", "PCF@V", "FNMR@Q");
    List<String> known = new ArrayList<>(Metric.names());
    known.addAll(whole);
    try {
      return Metric.named(name);
    } catch (UserError unknown) {
      throw UserError.of("unknown measure '" + name + "'")
          .at("--measures")
          .rule(
              "the measures are "
                  + String.join(", ", known)
                  + "; K is a whole number from 1, V and Q are shares from 0 to 1, such as 0.01")
          .mend(NearestName.hint(name, known));
    }
  }

  /** How many nearest rows of each query are needed. */
  int nearest() {
    return votes.stream().mapToInt(Votes::k).max().orElse(0);
  }

  /** Refuses ranks beyond the gallery. */
  void requireRanks(int gallery) {
    for (Votes each : votes) {
      if (each.k() > gallery) {
        throw UserError.of("there are not that many pictures to vote")
            .at("--measures " + each.name())
            .rule("K ≤ " + gallery + ", the pictures of the gallery")
            .mend("ask for fewer");
      }
    }
  }
}

package akin.retrieval.evaluation;

import akin.retrieval.Session;
import akin.retrieval.data.Parallel;
import akin.retrieval.metric.Ranking;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The false non-match rate at given false match rates, exactly, over all pairs of a query and a row
 * of the gallery, as {@link akin.retrieval.metric.FalseMatches} defines it for pairs that are held
 * in memory. Here all pairs pass by twice: once to count distances by the upper halves of their
 * bits, which tells the half where a threshold lies, and once to count the lower halves there.
 * Queries with R = 0 take no part; left-out rows are no pairs.
 */
public final class FalseNonMatches {
  private static final int HALF = 1 << 16;

  private final ExactRanking ranking;
  private final Session session;
  private final double[] rates;

  /** How many pairs have which half of bits. */
  private record Counts(long[] positive, long[] negative) {
    Counts() {
      this(new long[HALF], new long[HALF]);
    }

    void add(Counts other) {
      for (int i = 0; i < HALF; i++) {
        positive[i] += other.positive[i];
        negative[i] += other.negative[i];
      }
    }
  }

  /**
   * To be measured.
   *
   * @param ranking the pairs
   * @param rates of false matches, each in [0, 1]
   */
  public FalseNonMatches(ExactRanking ranking, double[] rates, Session session) {
    this.ranking = ranking;
    this.rates = rates.clone();
    this.session = session;
  }

  /** Bytes of memory that the counts need. */
  public static long bytes(int rates, int threads) {
    return 2L * Long.BYTES * HALF * (rates + 1) * (threads + 1);
  }

  /** The share of positive pairs that do not match, for each rate; NaN without pairs of a kind. */
  public double[] shares() {
    Counts coarse = pass(new int[] {-1}).get(0);
    long positives = Arrays.stream(coarse.positive).sum();
    long negatives = Arrays.stream(coarse.negative).sum();
    if (positives == 0 || negatives == 0) {
      return Arrays.stream(rates).map(rate -> Double.NaN).toArray();
    }
    int[] halves = new int[rates.length];
    long[] left = new long[rates.length];
    for (int i = 0; i < rates.length; i++) {
      left[i] = (long) Math.floor(rates[i] * negatives);
      while (halves[i] < HALF && left[i] >= coarse.negative[halves[i]]) {
        left[i] -= coarse.negative[halves[i]++];
      }
      // All negative pairs may match: then every pair does whose distance is a number.
      halves[i] = halves[i] == HALF ? infinite() >>> 16 : halves[i];
    }
    List<Counts> fine = pass(halves);
    double[] shares = new double[rates.length];
    for (int i = 0; i < rates.length; i++) {
      boolean all = (long) Math.floor(rates[i] * negatives) == negatives;
      int at = all ? infinite() & 0xffff : 0;
      while (!all && left[i] >= fine.get(i).negative[at]) {
        left[i] -= fine.get(i).negative[at++];
      }
      long missed = Arrays.stream(coarse.positive, halves[i] + 1, HALF).sum();
      missed += Arrays.stream(fine.get(i).positive, at, HALF).sum();
      shares[i] = (double) missed / positives;
    }
    return shares;
  }

  private static int infinite() {
    return unsigned(Float.POSITIVE_INFINITY);
  }

  /** The order of distances as that of unsigned numbers. */
  private static int unsigned(float distance) {
    return Ranking.key(distance) ^ Integer.MIN_VALUE;
  }

  /** Counts lower halves where the upper half is the wanted one, or upper halves for −1. */
  private List<Counts> pass(int[] wanted) {
    List<Counts> sums = Arrays.stream(wanted).mapToObj(half -> new Counts()).toList();
    ranking.forEachTile(
        session,
        tile -> {
          int slices = Math.min(session.threads(), tile.count());
          List<List<Counts>> own =
              IntStream.range(0, slices)
                  .mapToObj(s -> Arrays.stream(wanted).mapToObj(half -> new Counts()).toList())
                  .toList();
          Parallel.forEach(
              slices,
              slices,
              s -> {
                int from = (int) ((long) tile.count() * s / slices);
                int to = (int) ((long) tile.count() * (s + 1) / slices);
                for (int i = from; i < to; i++) {
                  count(tile, i, wanted, own.get(s));
                }
              });
          for (List<Counts> each : own) {
            IntStream.range(0, wanted.length).forEach(w -> sums.get(w).add(each.get(w)));
          }
        });
    return sums;
  }

  private void count(ExactRanking.Tile tile, int i, int[] wanted, List<Counts> to) {
    int query = tile.first() + i;
    if (ranking.judgement().count(query) == 0) {
      return;
    }
    int at = i * tile.rows();
    for (int w = 0; w < wanted.length; w++) {
      long[] negative = to.get(w).negative;
      for (int r = 0; r < tile.rows(); r++) {
        add(negative, tile.distances()[at + r], wanted[w], 1);
      }
      // Those that are no negative pairs are few: they are taken back.
      int[] left = ranking.judgement().leftOut(query);
      for (int row : left) {
        if (tile.holds(row)) {
          add(negative, tile.distances()[at + row - tile.row()], wanted[w], -1);
        }
      }
      int[] relevant = ranking.judgement().relevant(query);
      int begin = Arrays.binarySearch(relevant, tile.row());
      for (int p = begin < 0 ? -begin - 1 : begin;
          p < relevant.length && tile.holds(relevant[p]);
          p++) {
        if (Arrays.binarySearch(left, relevant[p]) < 0) {
          float distance = tile.distances()[at + relevant[p] - tile.row()];
          add(negative, distance, wanted[w], -1);
          add(to.get(w).positive, distance, wanted[w], 1);
        }
      }
    }
  }

  private static void add(long[] counts, float distance, int wanted, int by) {
    int key = unsigned(distance);
    if (wanted < 0) {
      counts[key >>> 16] += by;
    } else if (key >>> 16 == wanted) {
      counts[key & 0xffff] += by;
    }
  }
}

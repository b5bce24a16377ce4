package akin.retrieval.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the history of a triplet training and says in plain words what looks wrong at its end.
 *
 * <p>The thresholds: {@link #LOSS_FALL}, {@link #EASY_RISE} and {@link #WINDOW} for a margin that
 * is too large, {@link #TOO_EASY} for triplets that are too easy, {@link #COLLAPSE_LOSS} and {@link
 * #COLLAPSE_DISTANCE} for a collapse.
 */
public final class TrainingWarnings {

  /** A margin is judged over this many epochs: the last one and those just before it. */
  public static final int WINDOW = 4;

  /** The loss falls if it loses at least this share of itself over the window. */
  public static final double LOSS_FALL = 0.05;

  /** The easy triplets rise if their share grows by at least this much over the window. */
  public static final double EASY_RISE = 0.01;

  /** Triplets are too easy if at least this share of them is easy. */
  public static final double TOO_EASY = 0.98;

  /** At a collapse the loss is this close to the margin. */
  public static final double COLLAPSE_LOSS = 1e-3;

  /** At a collapse the mean distance is at most this share of the margin. */
  public static final double COLLAPSE_DISTANCE = 0.1;

  /** What can look wrong. */
  public enum Kind {
    /** The loss falls, but the share of easy triplets does not rise. */
    MARGIN_TOO_LARGE,
    /** Nearly all triplets are easy. */
    TRIPLETS_TOO_EASY,
    /** All embeddings are nearly the same point. */
    COLLAPSE
  }

  /**
   * One epoch of training.
   *
   * @param loss the mean of [m + d(a,p) − d(a,n)]₊ over the triplets, all or the non-zero ones
   * @param shares the triplets counted by difficulty
   * @param meanDistance the mean of d(a,p) and d(a,n) over the triplets
   * @param position the {@linkplain RankedRelevance#averagePosition average position} of pictures
   *     of an anchor's class in its batch, over all anchors; NaN where nothing is ranked
   */
  public record Epoch(double loss, TripletShares shares, double meanDistance, double position) {}

  /**
   * A warning.
   *
   * @param kind what looks wrong
   * @param text one or two sentences: what was seen, what it means, what to try
   */
  public record Warning(Kind kind, String text) {}

  private TrainingWarnings() {}

  /**
   * The warnings after the last epoch of the history; none for an empty history. A collapse is told
   * alone, since the other signs mean nothing then.
   *
   * @param history all epochs up to now, oldest first
   * @param margin m of the loss, above 0
   */
  public static List<Warning> of(List<Epoch> history, double margin) {
    List<Warning> warnings = new ArrayList<>();
    if (history.isEmpty()) {
      return warnings;
    }
    Epoch last = history.get(history.size() - 1);
    if (Math.abs(last.loss - margin) <= COLLAPSE_LOSS
        && last.meanDistance <= COLLAPSE_DISTANCE * margin) {
      warnings.add(
          warning(
              Kind.COLLAPSE,
              "the loss %.4f equals the margin %s and the mean distance is %.2g: all embeddings "
                  + "have collapsed into one point. Lower the learning rate, or begin with easier "
                  + "negatives.",
              last.loss,
              margin,
              last.meanDistance));
      return warnings;
    }
    if (last.shares.easyShare() >= TOO_EASY) {
      warnings.add(
          warning(
              Kind.TRIPLETS_TOO_EASY,
              "%.1f %% of the triplets are easy: they are too easy to teach anything more. Use "
                  + "harder negatives or a larger margin.",
              100 * last.shares.easyShare()));
    }
    if (history.size() >= WINDOW) {
      Epoch first = history.get(history.size() - WINDOW);
      double rise = last.shares.easyShare() - first.shares.easyShare();
      if (last.loss <= first.loss * (1 - LOSS_FALL)
          && rise < EASY_RISE
          && last.shares.easyShare() < TOO_EASY) {
        warnings.add(
            warning(
                Kind.MARGIN_TOO_LARGE,
                "over %d epochs the loss fell from %.4f to %.4f, but easy triplets went from %.1f "
                    + "%% to %.1f %%: the margin %s is too large to be reached. Use a smaller one; "
                    + "about half of the triplets should be easy before training.",
                WINDOW,
                first.loss,
                last.loss,
                100 * first.shares.easyShare(),
                100 * last.shares.easyShare(),
                margin));
      }
    }
    return warnings;
  }

  private static Warning warning(Kind kind, String format, Object... arguments) {
    return new Warning(kind, String.format(Locale.ROOT, format, arguments));
  }
}

package akin.nn.metric.catalogue;

import akin.nn.metric.CrossBatchMemory;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Miner;
import akin.nn.metric.Needs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Regularizer;
import akin.nn.metric.SelfSupervisedLoss;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.distance.SnrDistance;
import akin.nn.metric.miner.AngularMiner;
import akin.nn.metric.miner.BatchEasyHardMiner;
import akin.nn.metric.miner.BatchHardMiner;
import akin.nn.metric.miner.DistanceWeightedMiner;
import akin.nn.metric.miner.HardClusterMiner;
import akin.nn.metric.miner.HardestKMiner;
import akin.nn.metric.miner.HdcMiner;
import akin.nn.metric.miner.MultiSimilarityMiner;
import akin.nn.metric.miner.PairMarginMiner;
import akin.nn.metric.miner.TripletMarginMiner;
import akin.nn.metric.miner.TripletMarginMiner.Kind;
import akin.nn.metric.miner.UniformHistogramMiner;
import akin.nn.metric.reduce.CenterInvariantRegularizer;
import akin.nn.metric.reduce.ClassWeightedReducer;
import akin.nn.metric.reduce.DivisorReducer;
import akin.nn.metric.reduce.LpRegularizer;
import akin.nn.metric.reduce.PerAnchorReducer;
import akin.nn.metric.reduce.RegularFaceRegularizer;
import akin.nn.metric.reduce.SparseCentersRegularizer;
import akin.nn.metric.reduce.ThresholdReducer;
import akin.nn.metric.reduce.ZeroMeanRegularizer;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Every loss, miner, distance, reducer and regulariser by its name, with its published defaults.
 * What a loss goes with, {@link Needs#refusal} says.
 */
public final class Catalogue {
  private static final int MEMORY = 1024; // entries of a memory, as published
  private static final double MARGIN = 0.2; // of triplets, as usual for their miner
  private static final Setup ANY = Setup.of(2, 3); // a size that every loss takes
  private static final int CENTRES = 10; // of a class, as usual for soft-triple

  private Catalogue() {}

  /** Losses. */
  public static List<Entry<Loss>> losses() {
    return Stream.of(PairLosses.ALL, RankLosses.ALL, ClassLosses.ALL)
        .flatMap(List::stream)
        .toList();
  }

  /** What a loss needs, whatever the data. */
  public static Needs needs(Entry<Loss> loss) {
    return loss.usual(ANY).needs();
  }

  /** What makes another loss of a loss. */
  public static List<Entry<UnaryOperator<Loss>>> wrappers() {
    return List.of(
        new Entry<>(
            "cross-batch-memory",
            "Compares a batch with the last 1024 embeddings.",
            s -> loss -> new CrossBatchMemory(loss, MEMORY, s.width())),
        new Entry<>(
            "self-supervised",
            "Takes two views of each sample in place of labels.",
            s -> loss -> new SelfSupervisedLoss(loss, true)));
  }

  /** Miners. */
  public static List<Entry<Miner>> miners() {
    return List.of(
        new Entry<>("all", "Every pair and triplet of the batch.", s -> Miner.ALL),
        new Entry<>(
            "triplet-margin",
            "Triplets whose negative is not farther than the positive by a margin.",
            s -> TripletMarginMiner.usual()),
        new Entry<>(
            "hard-triplets",
            "Triplets whose negative is no farther than the positive.",
            s -> triplets(Kind.HARD)),
        new Entry<>(
            "semi-hard-triplets",
            "Triplets whose negative is farther than the positive, but within a margin.",
            s -> triplets(Kind.SEMI_HARD)),
        new Entry<>(
            "easy-triplets",
            "Triplets whose negative is farther than the positive by more than a margin.",
            s -> triplets(Kind.EASY)),
        new Entry<>(
            "batch-hard",
            "Each anchor's farthest positive and nearest negative.",
            s -> BatchHardMiner.usual()),
        new Entry<>(
            "batch-easy-hard",
            "Each anchor's nearest positive, and the nearest negative beyond it.",
            s -> BatchEasyHardMiner.usual()),
        new Entry<>(
            "hardest-k",
            "Each anchor's k farthest positives with its k nearest negatives.",
            s -> HardestKMiner.usual()),
        new Entry<>(
            "multi-similarity",
            "Pairs that are hard beside their anchor's other pairs.",
            s -> MultiSimilarityMiner.usual()),
        new Entry<>(
            "pair-margin",
            "Positives farther, and negatives nearer, than margins.",
            s -> PairMarginMiner.usual()),
        new Entry<>(
            "distance-weighted",
            "Negatives drawn at all distances alike.",
            s -> DistanceWeightedMiner.usual()),
        new Entry<>(
            "uniform-histogram",
            "Pairs drawn at all distances alike.",
            s -> UniformHistogramMiner.usual()),
        new Entry<>(
            "angular",
            "Triplets whose negative sees anchor and positive under a wide angle.",
            s -> AngularMiner.usual()),
        new Entry<>(
            "hard-clusters",
            "Each class' centre with its farthest sample and the nearest other centre.",
            s -> HardClusterMiner.usual()),
        new Entry<>("hdc", "The hardest half of the batch's pairs.", s -> HdcMiner.usual()));
  }

  private static Miner triplets(Kind kind) {
    return new TripletMarginMiner(MARGIN, kind, LpDistance.euclidean());
  }

  /** Distances and similarities. */
  public static List<Entry<Distance>> distances() {
    return List.of(
        new Entry<>("euclidean", "‖x − y‖ of normalised vectors.", s -> LpDistance.euclidean()),
        new Entry<>(
            "squared-euclidean", "‖x − y‖² of normalised vectors.", s -> LpDistance.squared()),
        new Entry<>(
            "manhattan",
            "The sum of coordinates' differences, of vectors whose coordinates sum to 1, signs apart.",
            s -> new LpDistance(1, 1, true)),
        new Entry<>("cosine", "x·y of normalised vectors.", s -> DotProduct.cosine()),
        new Entry<>("dot", "x·y of vectors as they are.", s -> DotProduct.plain()),
        new Entry<>(
            "snr",
            "The variance of x − y over that of x, of normalised vectors.",
            s -> new SnrDistance(true)));
  }

  /** Reducers. */
  public static List<Entry<Reducer>> reducers() {
    return List.of(
        new Entry<>("mean", "The mean of all losses.", s -> Reducer.MEAN),
        new Entry<>("mean-non-zero", "The mean of the losses above 0.", s -> Reducer.NON_ZERO),
        new Entry<>("sum", "The sum of all losses.", s -> Reducer.SUM),
        new Entry<>(
            "per-anchor", "The mean of the anchors' mean losses.", s -> new PerAnchorReducer()),
        new Entry<>(
            "class-weighted",
            "The mean of the losses, each over the share of its class: rare classes count as much.",
            Catalogue::balanced),
        new Entry<>(
            "threshold",
            "The mean of the losses between two bounds.",
            s -> new ThresholdReducer(0, Double.POSITIVE_INFINITY)),
        new Entry<>("divisor", "The sum of all losses over a number.", s -> new DivisorReducer(1)));
  }

  /** Weights 1/(C·share), whose mean over samples is 1. */
  private static Reducer balanced(Setup setup) {
    double each = (double) Arrays.stream(setup.counts()).sum() / setup.classes();
    return new ClassWeightedReducer(
        Arrays.stream(setup.counts()).mapToDouble(n -> each / Math.max(1, n)).toArray());
  }

  /** Regularisers of embeddings or class vectors. */
  public static List<Entry<Regularizer>> regularizers() {
    return List.of(
        new Entry<>("lp", "Asks for short vectors.", s -> new LpRegularizer(2, 1)),
        new Entry<>(
            "zero-mean",
            "Asks that the coordinates of a vector sum to 0.",
            s -> new ZeroMeanRegularizer()),
        new Entry<>(
            "center-invariant",
            "Asks that vectors be equally long.",
            s -> new CenterInvariantRegularizer()),
        new Entry<>(
            "regular-face", "Asks that vectors lie apart.", s -> new RegularFaceRegularizer()),
        new Entry<>(
            "sparse-centers",
            "Draws centres of a class together that are not needed; for the ten of soft-triple.",
            s -> new SparseCentersRegularizer(CENTRES)));
  }

  /**
   * The entry of a name.
   *
   * @throws UserError if there is none, with the nearest
   */
  public static <T> Entry<T> find(List<Entry<T>> entries, String name) {
    List<String> names = entries.stream().map(Entry::name).toList();
    int at = names.indexOf(name);
    if (at < 0) {
      throw UserError.of("there is nothing called " + name)
          .rule("names are " + String.join(", ", names))
          .mend(NearestName.hint(name, names));
    }
    return entries.get(at);
  }
}

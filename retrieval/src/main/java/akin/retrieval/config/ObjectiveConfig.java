package akin.retrieval.config;

import akin.nn.metric.AllTripletsLoss;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Reducer;
import akin.nn.metric.RelationLoss;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Entry;
import akin.nn.metric.catalogue.Setup;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is learned, and which batches it is learned from. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ObjectiveConfig.Classifier.class, name = "classifier"),
  @JsonSubTypes.Type(value = ObjectiveConfig.AllTriplets.class, name = "all-triplets"),
  @JsonSubTypes.Type(value = ObjectiveConfig.SmoothAp.class, name = "smooth-ap"),
  @JsonSubTypes.Type(value = ObjectiveConfig.Metric.class, name = "metric"),
  @JsonSubTypes.Type(value = ObjectiveConfig.AttributeTriplets.class, name = "attribute-triplets"),
  @JsonSubTypes.Type(value = ObjectiveConfig.PartialQueries.class, name = "partial-queries")
})
public sealed interface ObjectiveConfig {
  /** Whether it needs attributes; otherwise it needs labels. */
  @JsonIgnore
  default boolean attributes() {
    return this instanceof AttributeTriplets || this instanceof PartialQueries;
  }

  /** Whether it has an output per class. */
  @JsonIgnore
  default boolean classifies() {
    return this instanceof Classifier;
  }

  /** Whether its batches are ranked by class. */
  @JsonIgnore
  default boolean ranks() {
    return !attributes() && !classifies();
  }

  /** Its kind, as recipes name it. */
  default String name() {
    for (JsonSubTypes.Type type : ObjectiveConfig.class.getAnnotation(JsonSubTypes.class).value()) {
      if (type.value() == getClass()) {
        return type.name();
      }
    }
    throw new AssertionError(getClass());
  }

  /**
   * Cross-entropy over the classes, shuffled batches; the features are searched.
   *
   * @param smoothing label smoothing
   */
  record Classifier(Double smoothing) implements ObjectiveConfig {
    /** Fills in defaults. */
    public Classifier {
      smoothing = smoothing == null ? 0.0 : smoothing;
      Rules.within("smoothing", smoothing, 0, 1);
    }
  }

  /**
   * Σ over triplets of [d²(a,p) − d²(a,n) + margin]₊ in batches of P classes × K pictures.
   *
   * @param margin α in (0, 2)
   * @param over what the sum is divided by: one, anchors, triplets or non_zero
   * @param classes P
   * @param samples K
   * @param anchors how many of the batch are anchors; 0 for all
   */
  record AllTriplets(
      Double margin, AllTripletsLoss.Over over, Integer classes, Integer samples, Integer anchors)
      implements ObjectiveConfig {
    /** Fills in defaults. */
    public AllTriplets {
      margin = margin == null ? 0.5 : margin;
      over = over == null ? AllTripletsLoss.Over.NON_ZERO : over;
      classes = classes == null ? 10 : classes;
      samples = samples == null ? 12 : samples;
      anchors = anchors == null ? 0 : anchors;
      Rules.positive("margin", margin);
      Rules.atLeast("classes", classes, 2);
      Rules.atLeast("samples", samples, 2);
      Rules.atLeast("anchors", anchors, 0);
    }
  }

  /**
   * 1 − Smooth-AP in batches of P classes × K pictures.
   *
   * @param temperature τ of the sigmoid
   * @param classes P
   * @param samples K
   * @param anchors how many of the batch are anchors; 0 for all
   */
  record SmoothAp(Double temperature, Integer classes, Integer samples, Integer anchors)
      implements ObjectiveConfig {
    /** Fills in defaults. */
    public SmoothAp {
      temperature = temperature == null ? 0.05 : temperature;
      classes = classes == null ? 10 : classes;
      samples = samples == null ? 12 : samples;
      anchors = anchors == null ? 0 : anchors;
      Rules.positive("temperature", temperature);
      Rules.atLeast("classes", classes, 2);
      Rules.atLeast("samples", samples, 2);
      Rules.atLeast("anchors", anchors, 0);
    }
  }

  /**
   * A loss of the metric-learning catalogue.
   *
   * @param loss its name, such as {@code multi-similarity}
   * @param options values of the loss's own options, such as {@code margin}; the published ones
   *     where they are left away
   * @param miner what chooses pairs or triplets, such as {@code batch-hard}; all of them without
   * @param reducer what makes one number of them; the loss's own without
   * @param beside weights of other losses that are added, such as {@code {intra-pair-variance: 1}}
   * @param memory entries of a cross-batch memory; 0 for none
   * @param views whether two views of each picture, augmented each for itself, take the place of
   *     labels
   * @param normalize whether losses get embeddings of length 1; if not told, as the source of one
   *     of them does
   * @param sampler how batches are made
   * @param classes P, of a batch of P classes × K pictures
   * @param samples K
   * @param groups S, of how many categories or domains the classes of a batch come
   * @param margin of the easy, semi-hard and hard shares that are watched; not part of the loss
   * @param auxiliary a classifier that is trained beside it; none without
   */
  record Metric(
      @JsonProperty(required = true) String loss,
      Map<String, Object> options,
      String miner,
      String reducer,
      Map<String, Double> beside,
      Integer memory,
      Boolean views,
      Boolean normalize,
      Sampling sampler,
      Integer classes,
      Integer samples,
      Integer groups,
      Double margin,
      AuxiliaryConfig auxiliary)
      implements ObjectiveConfig {
    // with published numbers they are mean-non-zero and sum by another name
    private static final Set<String> NUMBERED = Set.of("threshold", "divisor");

    /** How batches are made. */
    public enum Sampling {
      /** Every picture once an epoch, {@code training.batch} at a time. */
      SHUFFLE,
      /** P classes × K pictures, drawn anew at every step. */
      RANDOM,
      /** P classes × K pictures, which go through the classes evenly. */
      EPOCH,
      /** P classes × K pictures, the classes evenly from S categories. */
      CATEGORY,
      /** P classes × K pictures, the classes evenly from S domains. */
      DOMAIN
    }

    /** Fills in defaults, and refuses parts that do not go together. */
    public Metric {
      if (loss == null) {
        throw new IllegalArgumentException("loss is required");
      }
      miner = miner == null ? "all" : miner;
      memory = memory == null ? 0 : memory;
      Entry<Loss> entry = named("loss", Catalogue.losses(), loss);
      Needs needs = Catalogue.needs(entry);
      options = completed(loss, options);
      named("miner", Catalogue.miners(), miner);
      boolean asksForViews = needs.supervision() == Needs.Supervision.VIEWS;
      views = views == null ? asksForViews : views;
      if (views && !asksForViews) {
        refuse("views do not go with loss: " + loss, needs.refusalOfViews());
      }
      refuse("loss: " + loss, needs.refusal(given(views, needs), false));
      refuse(
          "miner: " + miner + " does not go with loss: " + loss,
          needs.refusal(given(views, needs), !miner.equals("all")));
      beside = beside == null ? Map.of() : beside;
      for (Map.Entry<String, Double> other : beside.entrySet()) {
        Needs its = Catalogue.needs(named("beside", Catalogue.losses(), other.getKey()));
        boolean mined = !miner.equals("all");
        if (views && !asksForViews && its.supervision() == Needs.Supervision.VIEWS) {
          throw new IllegalArgumentException(
              "beside: %1$s takes the views themselves, loss: %2$s takes them as labels\n  mend: loss=%1$s, with %2$s beside it"
                  .formatted(other.getKey(), loss));
        }
        refuse("beside: " + other.getKey(), its.refusal(givenBeside(views, needs, its), mined));
        if (memory > 0) {
          refuse("memory does not go with beside: " + other.getKey(), its.refusalOfMemory());
        }
        if (other.getValue() == null || !(other.getValue() > 0)) {
          throw new IllegalArgumentException(
              "beside: the weight of " + other.getKey() + " is above 0");
        }
      }
      normalize = normalize == null ? takesUnitVectors(loss, beside) : normalize;
      if (reducer != null) {
        Reducer any = named("reducer", reducers(), reducer).usual(Setup.of(1, 1));
        refuse("reducer: " + reducer + " does not go with loss: " + loss, needs.refusal(any));
        for (String other : beside.keySet()) {
          Needs its = Catalogue.needs(named("beside", Catalogue.losses(), other));
          refuse("reducer: " + reducer + " does not go with beside: " + other, its.refusal(any));
        }
      }
      refuse(
          "memory does not go with loss: " + loss,
          memory == 0 ? Optional.empty() : needs.refusalOfMemory());
      sampler = sampler == null ? usual(views, needs) : sampler;
      if (views && memory > 0) {
        throw new IllegalArgumentException(
            "memory holds labelled pictures: it does not go with views");
      }
      if (views && auxiliary != null) {
        throw new IllegalArgumentException(
            "auxiliary tells classes apart: it does not go with views, which have none");
      }
      if (views && sampler != Sampling.SHUFFLE) {
        throw new IllegalArgumentException(
            "sampler is shuffle with views: each picture is its own class");
      }
      classes = classes == null ? 10 : classes;
      samples = samples == null ? 12 : samples;
      groups = groups == null ? 2 : groups;
      margin = margin == null ? 0.2 : margin;
      Rules.atLeast("memory", memory, 0);
      Rules.atLeast("classes", classes, 2);
      Rules.atLeast("samples", samples, 2);
      Rules.atLeast("groups", groups, 1);
      Rules.positive("margin", margin);
      if (memory > 0 && sampler != Sampling.SHUFFLE) {
        requireRoom("memory", memory, (long) classes * samples);
      }
    }

    /** What a recipe tells a loss: classes, or views where they take their place. */
    private static Needs.Supervision given(boolean views, Needs needs) {
      return views && needs.supervision() == Needs.Supervision.VIEWS
          ? Needs.Supervision.VIEWS
          : views ? Needs.Supervision.LABELS : Needs.Supervision.CLASSES;
    }

    /** What the loss gets, a loss beside it gets, too: views as they are, or told as labels. */
    private static Needs.Supervision givenBeside(boolean views, Needs needs, Needs its) {
      boolean asTheyAre = views && needs.supervision() == Needs.Supervision.VIEWS;
      boolean takesViews = its.supervision() == Needs.Supervision.VIEWS;
      return asTheyAre && !takesViews ? Needs.Supervision.RELATION : given(views, needs);
    }

    /** Whether the loss or one beside it is published on embeddings of length 1. */
    private static boolean takesUnitVectors(String loss, Map<String, Double> beside) {
      return Stream.concat(Stream.of(loss), beside.keySet().stream())
          .map(name -> Catalogue.find(Catalogue.losses(), name).usual(Setup.of(2, 3)))
          .anyMatch(Loss::takesUnitVectors);
    }

    private static Sampling usual(boolean views, Needs needs) {
      return views || needs.teachesAlone() ? Sampling.SHUFFLE : Sampling.RANDOM;
    }

    /** Reducers that a recipe can name: those without numbers of their own. */
    public static List<Entry<Reducer>> reducers() {
      return Catalogue.reducers().stream().filter(e -> !NUMBERED.contains(e.name())).toList();
    }

    private static void requireRoom(String key, int memory, long batch) {
      if (memory < batch) {
        throw new IllegalArgumentException(
            "%s must hold a whole batch, %d pictures; it is %d".formatted(key, batch, memory));
      }
    }

    /** Refuses a memory that is too small for shuffled batches. */
    void checkMemory(int batch) {
      if (memory > 0 && sampler == Sampling.SHUFFLE) {
        requireRoom("objective.memory", memory, batch);
      }
    }

    private static Map<String, Object> completed(String loss, Map<String, Object> given) {
      Map<String, Object> told = given == null ? Map.of() : given;
      try {
        Entry<Loss> entry = Catalogue.find(Catalogue.losses(), loss);
        entry.with(Setup.of(2, 3), told); // says what does nothing beside another
        return entry.values(told).written();
      } catch (UserError e) {
        throw new IllegalArgumentException("options: " + e.getMessage(), e);
      }
    }

    private static <T> Entry<T> named(String key, List<Entry<T>> entries, String name) {
      try {
        return Catalogue.find(entries, name);
      } catch (UserError e) {
        List<String> names = entries.stream().map(Entry::name).toList();
        throw new IllegalArgumentException(
            key + " cannot be " + name + "\n  mend: " + NearestName.hint(name, names), e);
      }
    }

    private static void refuse(String what, Optional<String> reason) {
      if (reason.isPresent()) {
        throw new IllegalArgumentException(what + "\n  rule: " + reason.get());
      }
    }
  }

  /**
   * Triplet margin loss between a picture, its attribute vector and a negative vector.
   *
   * @param margin m
   * @param existing weight of negatives drawn among the training vectors
   * @param flips weight of negatives made by flipping 1 to 3 bits of the positive
   * @param random weight of uniformly random vectors
   */
  record AttributeTriplets(Double margin, Double existing, Double flips, Double random)
      implements ObjectiveConfig {
    /** Fills in defaults: two thirds existing vectors, one third flips. */
    public AttributeTriplets {
      boolean none = existing == null && flips == null && random == null;
      margin = margin == null ? 0.1 : margin;
      existing = none ? Double.valueOf(2) : existing == null ? 0.0 : existing;
      flips = none ? Double.valueOf(1) : flips == null ? 0.0 : flips;
      random = random == null ? 0.0 : random;
      Rules.positive("margin", margin);
      Rules.within("existing", existing, 0, 1e9);
      Rules.within("flips", flips, 0, 1e9);
      Rules.within("random", random, 0, 1e9);
      Rules.positive("existing + flips + random", existing + flips + random);
    }
  }

  /**
   * A query of a few wanted and unwanted attributes per picture, and which pictures of the batch
   * satisfy it.
   *
   * @param form of the loss: inside, each or mix
   * @param temperature that cosines are divided by
   * @param most the most wanted attributes of a query
   * @param unwanted probability of one unwanted attribute
   * @param margin of the easy, semi-hard and hard shares that are watched; not part of the loss
   */
  record PartialQueries(
      RelationLoss.Kind form, Double temperature, Integer most, Double unwanted, Double margin)
      implements ObjectiveConfig {
    /** Fills in defaults. */
    public PartialQueries {
      form = form == null ? RelationLoss.Kind.MIX : form;
      temperature = temperature == null ? 0.1 : temperature;
      most = most == null ? 3 : most;
      unwanted = unwanted == null ? 0.15 : unwanted;
      margin = margin == null ? 0.1 : margin;
      Rules.positive("temperature", temperature);
      Rules.atLeast("most", most, 1);
      Rules.within("unwanted", unwanted, 0, 1);
      Rules.positive("margin", margin);
    }
  }
}

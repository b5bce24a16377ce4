package akin.retrieval.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How long a model learns, and how its weights move.
 *
 * @param epochs number of epochs; 0 leaves the model as it begins; null where updates are counted
 * @param iterations number of updates, in place of epochs
 * @param steps updates in an epoch; 0 for as many as the training pictures fill
 * @param batch pictures in a batch, where the objective does not say it
 * @param optimizer the rule
 * @param schedule of the learning rate
 * @param warmup before the schedule rules alone; none if left away
 * @param rates factors of the scheduled rate, by {@linkplain akin.nn.NamePattern patterns} of
 *     weights; where several match, the last decides
 * @param clip the largest norm of all gradients together; 0 for any
 * @param keep after how long a model is kept each time, beside the best one; none if left away
 * @param shards parts that each batch is cut into, one after the other in memory; their gradients
 *     are summed
 * @param monitor what of the validation pictures tells the best epoch, and a plateau
 * @param stopAfter epochs without a better one after which training ends; 0 for never
 */
public record TrainingConfig(
    Integer epochs,
    Integer iterations,
    Integer steps,
    Integer batch,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    Warmup warmup,
    Map<String, Double> rates,
    Double clip,
    Span keep,
    Integer shards,
    Monitor monitor,
    Integer stopAfter) {
  /** What is watched; lower is better. */
  public enum Monitor {
    /** The loss. */
    LOSS,
    /** The average position of pictures of the same class, each batch ranked for each picture. */
    POSITION
  }

  /** Fills in defaults. */
  public TrainingConfig {
    if ((epochs == null) == (iterations == null)) {
      throw new IllegalArgumentException("epochs or iterations is required, and not both");
    }
    steps = steps == null ? 0 : steps;
    batch = batch == null ? 64 : batch;
    optimizer =
        optimizer == null
            ? new OptimizerConfig.Adam(null, null, null, null, null, null)
            : optimizer;
    schedule = schedule == null ? new ScheduleConfig.Constant() : schedule;
    rates = rates == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(rates));
    rates.forEach(
        (pattern, factor) -> {
          if (factor == null || !(factor > 0) || factor.isInfinite()) {
            throw new IllegalArgumentException(
                "rates need factors above 0; that of "
                    + pattern
                    + " is "
                    + factor
                    + " (what does not learn at all is named by model.freeze)");
          }
        });
    clip = clip == null ? 0.0 : clip;
    shards = shards == null ? 1 : shards;
    Rules.atLeast("epochs", epochs == null ? 0 : epochs, 0);
    Rules.atLeast("iterations", iterations == null ? 0 : iterations, 0);
    Rules.atLeast("shards", shards, 1);
    monitor = monitor == null ? Monitor.LOSS : monitor;
    stopAfter = stopAfter == null ? 0 : stopAfter;
    Rules.atLeast("stopAfter", stopAfter, 0);
    Rules.atLeast("steps", steps, 0);
    Rules.atLeast("batch", batch, 1);
    Rules.within("clip", clip, 0, 1e30);
  }

  /** Updates of the whole run, where an epoch has so many. */
  public long updates(int stepsInEpoch) {
    return iterations != null ? iterations : (long) epochs * stepsInEpoch;
  }

  /**
   * How long something takes; exactly one is given.
   *
   * @param epochs epochs
   * @param steps updates
   * @param pictures pictures that were seen, each as often as it was
   */
  public record Span(Integer epochs, Integer steps, Long pictures) {
    /** Checks that one is given. */
    public Span {
      check(epochs, steps, pictures);
    }

    private static void check(Number... given) {
      List<Number> told = Stream.of(given).filter(Objects::nonNull).toList();
      if (told.size() != 1) {
        throw new IllegalArgumentException("epochs, steps or pictures: exactly one is needed");
      }
      Rules.atLeast("epochs, steps or pictures", told.get(0).longValue(), 1);
    }

    /**
     * The same in updates, at least 1.
     *
     * @param stepsInEpoch updates in an epoch
     * @param batch pictures of an update
     */
    public long updates(int stepsInEpoch, int batch) {
      if (epochs != null) {
        return (long) epochs * stepsInEpoch;
      }
      return steps != null ? steps : Math.max(1, pictures / batch);
    }
  }

  /**
   * Multiplies the scheduled rate while it grows, for τ updates.
   *
   * @param kind linear, min(1, (t+1)/τ), or exponential, 1 − exp(−(t+1)/τ)
   * @param epochs τ in epochs; exactly one of the three is given
   * @param steps τ itself
   * @param pictures τ in pictures that were seen
   */
  public record Warmup(Kind kind, Integer epochs, Integer steps, Long pictures) {
    /** Fills in defaults. */
    public Warmup {
      kind = kind == null ? Kind.LINEAR : kind;
      Span.check(epochs, steps, pictures);
    }

    /** τ. */
    public Span span() {
      return new Span(epochs, steps, pictures);
    }

    /** The shape of the growth. */
    public enum Kind {
      /** min(1, (t+1)/τ). */
      @JsonProperty("linear")
      LINEAR,
      /** 1 − exp(−(t+1)/τ). */
      @JsonProperty("exponential")
      EXPONENTIAL
    }
  }

  /** The rule that moves the weights. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = OptimizerConfig.Sgd.class, name = "sgd"),
    @JsonSubTypes.Type(value = OptimizerConfig.Adam.class, name = "adam"),
    @JsonSubTypes.Type(value = OptimizerConfig.AdamW.class, name = "adamw")
  })
  public sealed interface OptimizerConfig {
    /** The base learning rate. */
    Double rate();

    /** What looks for flat minima around it; null for nothing. */
    Sharpness sharpness();

    /**
     * Two passes an update: the second at the point where the loss is largest nearby (SAM).
     *
     * @param radius ρ
     * @param adaptive whether large weights may move farther
     */
    record Sharpness(Double radius, Boolean adaptive) {
      /** Fills in defaults. */
      public Sharpness {
        radius = radius == null ? 0.05 : radius;
        adaptive = adaptive != null && adaptive;
        Rules.positive("radius", radius);
      }
    }

    /** Stochastic gradient descent. */
    record Sgd(Double rate, Double momentum, Boolean nesterov, Double decay, Sharpness sharpness)
        implements OptimizerConfig {
      /** Fills in defaults. */
      public Sgd {
        rate = rate == null ? 0.1 : rate;
        momentum = momentum == null ? 0.9 : momentum;
        nesterov = nesterov != null && nesterov;
        decay = decay == null ? 0.0 : decay;
        Rules.positive("rate", rate);
        Rules.within("momentum", momentum, 0, 1);
        Rules.within("decay", decay, 0, 1);
      }
    }

    /** Adam; decay is added to the gradient. */
    record Adam(
        Double rate, Double beta1, Double beta2, Double eps, Double decay, Sharpness sharpness)
        implements OptimizerConfig {
      /** Fills in defaults. */
      public Adam {
        rate = rate == null ? 1e-3 : rate;
        beta1 = beta1 == null ? 0.9 : beta1;
        beta2 = beta2 == null ? 0.999 : beta2;
        eps = eps == null ? 1e-8 : eps;
        decay = decay == null ? 0.0 : decay;
        checkAdam(rate, beta1, beta2, eps, decay);
      }
    }

    /** AdamW; decay shrinks the weights directly. */
    record AdamW(
        Double rate, Double beta1, Double beta2, Double eps, Double decay, Sharpness sharpness)
        implements OptimizerConfig {
      /** Fills in defaults. */
      public AdamW {
        rate = rate == null ? 1e-3 : rate;
        beta1 = beta1 == null ? 0.9 : beta1;
        beta2 = beta2 == null ? 0.999 : beta2;
        eps = eps == null ? 1e-8 : eps;
        decay = decay == null ? 0.01 : decay;
        checkAdam(rate, beta1, beta2, eps, decay);
      }
    }

    private static void checkAdam(
        double rate, double beta1, double beta2, double eps, double decay) {
      Rules.positive("rate", rate);
      Rules.within("beta1", beta1, 0, 0.9999999);
      Rules.within("beta2", beta2, 0, 0.9999999);
      Rules.positive("eps", eps);
      Rules.within("decay", decay, 0, 1);
    }
  }

  /** How the learning rate moves; epochs are counted from 0. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ScheduleConfig.Constant.class, name = "constant"),
    @JsonSubTypes.Type(value = ScheduleConfig.Step.class, name = "step"),
    @JsonSubTypes.Type(value = ScheduleConfig.MultiStep.class, name = "multi-step"),
    @JsonSubTypes.Type(value = ScheduleConfig.Cosine.class, name = "cosine"),
    @JsonSubTypes.Type(value = ScheduleConfig.Exponential.class, name = "exponential"),
    @JsonSubTypes.Type(value = ScheduleConfig.Polynomial.class, name = "polynomial"),
    @JsonSubTypes.Type(value = ScheduleConfig.OneCycle.class, name = "one-cycle"),
    @JsonSubTypes.Type(value = ScheduleConfig.Plateau.class, name = "plateau")
  })
  public sealed interface ScheduleConfig {
    /** The base rate throughout. */
    record Constant() implements ScheduleConfig {}

    /** Times {@code factor} after every {@code epochs} epochs. */
    record Step(Integer epochs, Double factor) implements ScheduleConfig {
      /** Fills in defaults. */
      public Step {
        epochs = epochs == null ? 5 : epochs;
        factor = factor == null ? 0.1 : factor;
        Rules.atLeast("epochs", epochs, 1);
        Rules.positive("factor", factor);
      }
    }

    /** Times {@code factor} at each of {@code epochs}. */
    record MultiStep(@JsonProperty(required = true) List<Integer> epochs, Double factor)
        implements ScheduleConfig {
      /** Fills in defaults. */
      public MultiStep {
        if (epochs == null) {
          throw new IllegalArgumentException("epochs is required");
        }
        epochs = List.copyOf(epochs);
        factor = factor == null ? 0.1 : factor;
        Rules.positive("factor", factor);
      }
    }

    /** How often a schedule moves. */
    enum By {
      /** At every update. */
      @JsonProperty("step")
      STEP,
      /** At the end of every epoch. */
      @JsonProperty("epoch")
      EPOCH
    }

    /**
     * Half a cosine from the base rate down to {@code lowest} over the run.
     *
     * @param by how often; at every update if left away
     */
    record Cosine(Double lowest, By by) implements ScheduleConfig {
      /** Fills in defaults. */
      public Cosine {
        lowest = lowest == null ? 0.0 : lowest;
        by = by == null ? By.STEP : by;
        Rules.within("lowest", lowest, 0, 1e9);
      }
    }

    /**
     * Times {@code factor} each time.
     *
     * @param by how often; after every epoch if left away
     */
    record Exponential(Double factor, By by) implements ScheduleConfig {
      /** Fills in defaults. */
      public Exponential {
        factor = factor == null ? 0.9 : factor;
        by = by == null ? By.EPOCH : by;
        Rules.within("factor", factor, 1e-6, 1);
      }
    }

    /**
     * (1 − t/T)^power of the way from {@code lowest} to the base rate over the run.
     *
     * @param by how often; at every update if left away
     */
    record Polynomial(Double power, Double lowest, By by) implements ScheduleConfig {
      /** Fills in defaults. */
      public Polynomial {
        power = power == null ? 1.0 : power;
        lowest = lowest == null ? 0.0 : lowest;
        by = by == null ? By.STEP : by;
        Rules.positive("power", power);
        Rules.within("lowest", lowest, 0, 1e9);
      }
    }

    /**
     * Half a cosine up to the base rate, and a longer one down, over the run's updates.
     *
     * @param rise the share of the run in which the rate rises
     * @param first what the base rate is divided by for the first rate
     * @param last what the first rate is divided by for the last
     */
    record OneCycle(Double rise, Double first, Double last) implements ScheduleConfig {
      /** Fills in defaults. */
      public OneCycle {
        rise = rise == null ? 0.3 : rise;
        first = first == null ? 25.0 : first;
        last = last == null ? 1e4 : last;
        Rules.within("rise", rise, 0.001, 0.999);
        Rules.within("first", first, 1, 1e9);
        Rules.within("last", last, 1, 1e9);
      }
    }

    /** Times {@code factor} when what is watched has not fallen for {@code patience} epochs. */
    record Plateau(Double factor, Integer patience) implements ScheduleConfig {
      /** Fills in defaults. */
      public Plateau {
        factor = factor == null ? 0.1 : factor;
        patience = patience == null ? 4 : patience;
        Rules.positive("factor", factor);
        Rules.atLeast("patience", patience, 0);
      }
    }
  }
}

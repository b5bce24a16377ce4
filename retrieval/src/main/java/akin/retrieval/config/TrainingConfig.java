package akin.retrieval.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long a model learns, and how its weights move.
 *
 * @param epochs number of epochs
 * @param steps updates in an epoch; 0 for as many as the training pictures fill
 * @param batch pictures in a batch, where the objective does not say it
 * @param optimizer the rule
 * @param schedule of the learning rate
 * @param warmup before the schedule rules alone; none if left away
 * @param rates factors of the scheduled rate, by {@linkplain akin.nn.NamePattern patterns} of
 *     weights; where several match, the last decides
 * @param clip the largest norm of all gradients together; 0 for any
 */
public record TrainingConfig(
    @JsonProperty(required = true) Integer epochs,
    Integer steps,
    Integer batch,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    Warmup warmup,
    Map<String, Double> rates,
    Double clip) {

  /** Fills in defaults. */
  public TrainingConfig {
    if (epochs == null) {
      throw new IllegalArgumentException("epochs is required");
    }
    steps = steps == null ? 0 : steps;
    batch = batch == null ? 64 : batch;
    optimizer =
        optimizer == null ? new OptimizerConfig.Adam(null, null, null, null, null) : optimizer;
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
    Rules.atLeast("epochs", epochs, 1);
    Rules.atLeast("steps", steps, 0);
    Rules.atLeast("batch", batch, 1);
    Rules.within("clip", clip, 0, 1e30);
  }

  /**
   * Multiplies the scheduled rate while it grows.
   *
   * @param kind linear, min(1, (t+1)/steps), or exponential, 1 − exp(−(t+1)/steps)
   * @param steps τ, updates
   */
  public record Warmup(Kind kind, @JsonProperty(required = true) Integer steps) {
    /** Fills in defaults. */
    public Warmup {
      kind = kind == null ? Kind.LINEAR : kind;
      if (steps == null) {
        throw new IllegalArgumentException("steps is required");
      }
      Rules.atLeast("steps", steps, 1);
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

    /** Stochastic gradient descent. */
    record Sgd(Double rate, Double momentum, Boolean nesterov, Double decay)
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
    record Adam(Double rate, Double beta1, Double beta2, Double eps, Double decay)
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
    record AdamW(Double rate, Double beta1, Double beta2, Double eps, Double decay)
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

    /** Half a cosine from the base rate down to {@code lowest} over all updates. */
    record Cosine(Double lowest) implements ScheduleConfig {
      /** Fills in defaults. */
      public Cosine {
        lowest = lowest == null ? 0.0 : lowest;
        Rules.within("lowest", lowest, 0, 1e9);
      }
    }

    /** Times {@code factor} when the validation loss has not fallen for {@code patience} epochs. */
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

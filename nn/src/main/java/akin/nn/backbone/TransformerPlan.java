package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.Layer;
import akin.nn.QuickGelu;
import akin.tensor.backend.Unary;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a {@link VisionTransformer} is made of: the parts in which the published image encoders
 * differ. Begin with {@link #of} and change what differs.
 *
 * <pre>{@code
 * TransformerPlan.of(new TransformerPlan.Size(14, 27, 16, 1152, 4304), 384)
 *     .with(TransformerPlan.Trait.PATCH_BIAS)
 *     .pooling(TransformerPlan.Pooling.ATTENTION)
 * }</pre>
 *
 * @param size the numbers
 * @param image side of the pictures in training
 * @param traits what is there
 * @param eps of the layer norms
 * @param activation inside the mlp
 * @param mlp its kind
 * @param pooling how tokens become one feature
 * @param registers learned tokens without a place, behind the class token
 * @param reference rows and columns of the grid in training, if queries and keys are {@linkplain
 *     akin.nn.Rotary turned}; 0 if not
 * @param maps windows and relative positions, as in SAM; or null
 * @param outputs of the matrix behind the feature as published; 0 for none
 */
public record TransformerPlan(
    Size size,
    int image,
    Set<Trait> traits,
    double eps,
    Gelu activation,
    Mlp mlp,
    Pooling pooling,
    int registers,
    int reference,
    Maps maps,
    int outputs) {

  /**
   * The numbers.
   *
   * @param patch P, side of a patch
   * @param layers L
   * @param heads of the attention
   * @param width F
   * @param hidden numbers inside the mlp
   */
  public record Size(int patch, int layers, int heads, int width, int hidden) {
    /** With an mlp of 4F. */
    public static Size of(int patch, int layers, int heads, int width) {
      return new Size(patch, layers, heads, width, 4 * width);
    }
  }

  /** What is there or not. */
  public enum Trait {
    /** A learned token before the patches. */
    CLASS_TOKEN,
    /** Patches have a bias. */
    PATCH_BIAS,
    /** A layer norm before the first layer. */
    NORM_BEFORE,
    /** A layer norm on all tokens behind the last layer. */
    NORM_TOKENS,
    /** A layer norm on the feature. */
    NORM_FEATURE,
    /** {@link akin.nn.LayerScale} in every layer. */
    LAYER_SCALE,
    /** Layer norms stand behind attention and mlp, not before. */
    POST_NORM,
    /** A layer norm on the joined heads. */
    NORM_HEADS,
    /** Queries and values have biases, keys have none. */
    NO_KEY_BIAS,
    /** The matrix behind the feature has a bias. */
    OUTPUT_BIAS,
    /** The feature is what the matrix behind makes of it. */
    PROJECT
  }

  /** Forms of GELU. */
  public enum Gelu {
    /** x·Φ(x). */
    EXACT,
    /** By a hyperbolic tangent. */
    TANH,
    /** x·σ(1.702x). */
    QUICK;

    Layer layer() {
      return switch (this) {
        case EXACT -> Activation.gelu();
        case TANH -> new Activation(Unary.GELU_TANH, 0, 0);
        case QUICK -> new QuickGelu();
      };
    }
  }

  /** Kinds of mlp. */
  public enum Mlp {
    /** W₃·gelu(W₀·x). */
    PLAIN,
    /** {@link akin.nn.SwiGlu}. */
    GATED,
    /** The same with an inner layer norm. */
    GATED_NORM
  }

  /** How tokens become one feature. */
  public enum Pooling {
    /** The class token. */
    CLASS,
    /** The mean of the patches. */
    MEAN,
    /** {@link akin.nn.AttentionPool}. */
    ATTENTION,
    /** Two convolutions on the map of patches (SAM's neck), then the mean. */
    NECK
  }

  /**
   * Of an encoder of maps.
   *
   * @param window side of a window
   * @param global numbers of the layers whose attention sees the whole map
   * @param neck channels behind the neck
   */
  public record Maps(int window, Set<Integer> global, int neck) {}

  /** Copies the traits. */
  public TransformerPlan {
    Set<Trait> copy = EnumSet.noneOf(Trait.class);
    copy.addAll(traits);
    traits = Collections.unmodifiableSet(copy);
  }

  /**
   * A transformer of patches and nothing else: no class token, no biases of patches, eps 1e-6,
   * exact GELU, a layer norm on all tokens, the mean of the patches, no outputs.
   */
  public static TransformerPlan of(Size size, int image) {
    return new TransformerPlan(
        size,
        image,
        EnumSet.of(Trait.NORM_TOKENS),
        1e-6,
        Gelu.EXACT,
        Mlp.PLAIN,
        Pooling.MEAN,
        0,
        0,
        null,
        0);
  }

  /** Whether this is there. */
  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** With more of these. */
  public TransformerPlan with(Trait... more) {
    Set<Trait> all = EnumSet.copyOf(traits);
    Collections.addAll(all, more);
    return traits(all);
  }

  /** Without these. */
  public TransformerPlan without(Trait... fewer) {
    Set<Trait> rest = EnumSet.noneOf(Trait.class);
    rest.addAll(traits);
    Set.of(fewer).forEach(rest::remove);
    return traits(rest);
  }

  private TransformerPlan traits(Set<Trait> all) {
    return new TransformerPlan(
        size, image, all, eps, activation, mlp, pooling, registers, reference, maps, outputs);
  }

  /** With other numbers. */
  public TransformerPlan size(Size other) {
    return new TransformerPlan(
        other, image, traits, eps, activation, mlp, pooling, registers, reference, maps, outputs);
  }

  /** With another addend in the layer norms. */
  public TransformerPlan eps(double other) {
    return new TransformerPlan(
        size, image, traits, other, activation, mlp, pooling, registers, reference, maps, outputs);
  }

  /** With another form of GELU. */
  public TransformerPlan activation(Gelu other) {
    return new TransformerPlan(
        size, image, traits, eps, other, mlp, pooling, registers, reference, maps, outputs);
  }

  /** With another mlp. */
  public TransformerPlan mlp(Mlp other) {
    return new TransformerPlan(
        size, image, traits, eps, activation, other, pooling, registers, reference, maps, outputs);
  }

  /** With another feature. */
  public TransformerPlan pooling(Pooling other) {
    return new TransformerPlan(
        size, image, traits, eps, activation, mlp, other, registers, reference, maps, outputs);
  }

  /** With so many registers. */
  public TransformerPlan registers(int count) {
    return new TransformerPlan(
        size, image, traits, eps, activation, mlp, pooling, count, reference, maps, outputs);
  }

  /** With queries and keys turned by their places. */
  public TransformerPlan rotary(int referenceGrid) {
    return new TransformerPlan(
        size,
        image,
        traits,
        eps,
        activation,
        mlp,
        pooling,
        registers,
        referenceGrid,
        maps,
        outputs);
  }

  /** With windows and relative positions. */
  public TransformerPlan maps(Maps other) {
    return new TransformerPlan(
        size, image, traits, eps, activation, mlp, pooling, registers, reference, other, outputs);
  }

  /** With so many outputs as published. */
  public TransformerPlan outputs(int count) {
    return new TransformerPlan(
        size, image, traits, eps, activation, mlp, pooling, registers, reference, maps, count);
  }

  /** Tokens that are no patch: the class token and registers. */
  int extra() {
    return (has(Trait.CLASS_TOKEN) ? 1 : 0) + registers;
  }
}

package akin.nn.backbone;

import akin.nn.AttentionPool;
import akin.nn.Conv2d;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.LayerNorm;
import akin.nn.LayerNorm2d;
import akin.nn.Linear;
import akin.nn.Parameter;
import akin.nn.Sequential;
import akin.nn.StateDict;
import akin.nn.backbone.TransformerPlan.Pooling;
import akin.nn.backbone.TransformerPlan.Trait;
import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Patches of a picture as the tokens of a transformer: [N,3,H,W] → features [N,F] → logits. All
 * image encoders of this family are one network with parts that a {@link TransformerPlan} chooses:
 * the vision transformer itself, CLIP's, SigLIP's, DINOv2, EVA-02, SAM's image encoder.
 *
 * <pre>
 * conv_proj        patches of P×P pixels, a matrix each        [F, H/P, W/P]
 *                  as rows, behind class_token                 [T = 1 + H/P·W/P, F]
 * encoder          + pos_embedding, register_tokens put in     [T + R, F]
 * encoder.ln_pre   layer norm
 * encoder.layers   attention and mlp, L times                  [T + R, F]
 * encoder.ln       layer norm
 * pool, neck       class token, mean, attention, convolutions  [F]
 * ln               layer norm of the feature                   [F]
 * heads            head, a matrix                              [classes]
 * </pre>
 *
 * Pixels beyond the last whole patch are not read. Weights of another size of pictures, and under
 * the names of other libraries, fit after {@link #adapt}.
 *
 * <p>Source: Dosovitskiy et al., "An image is worth 16×16 words", ICLR 2021; names as in
 * torchvision, continued where it lacks the part.
 */
public final class VisionTransformer extends Backbone {
  private static final double NECK_EPS = 1e-6;

  private final TransformerPlan plan;
  private final int high;
  private final int wide;
  private final Parameter classToken;
  private final Layer patches;
  private final Layer encoder;
  private final Layer pool;
  private final Layer norm;
  private final Layer heads;

  /**
   * A network for pictures of one size.
   *
   * @param high rows of the pictures; 0 for the plan's
   * @param wide columns of the pictures; 0 for the plan's
   * @param classes outputs of the head; 0 leaves it away, −1 takes as many as the plan says
   */
  public VisionTransformer(TransformerPlan plan, int high, int wide, int classes) {
    this.plan = plan;
    this.high = high == 0 ? plan.image() : high;
    this.wide = wide == 0 ? plan.image() : wide;
    int patch = plan.size().patch();
    int width = plan.size().width();
    if (Math.min(this.high, this.wide) < patch) {
      throw UserError.of("the pictures are smaller than a patch")
          .at("image=" + Math.min(this.high, this.wide))
          .rule("a patch has " + patch + " pixels a side")
          .mend("take image=" + plan.image());
    }
    if (plan.pooling() == Pooling.CLASS && !plan.has(Trait.CLASS_TOKEN)) {
      throw UserError.of("the network has no class token to take as its feature")
          .at("pooling=class")
          .mend("take pooling=mean, or leave pooling away");
    }
    classToken =
        plan.has(Trait.CLASS_TOKEN)
            ? parameter("class_token", Shape.of(1, 1, width), Initializer.constant(0))
            : null;
    patches = child("conv_proj", patches(plan));
    encoder = child("encoder", new TokenEncoder(plan, rows(), columns()));
    pool =
        switch (plan.pooling()) {
          case ATTENTION ->
              child(
                  "pool",
                  new AttentionPool(
                      width, plan.size().heads(), plan.eps(), TokenEncoder.mlp(plan)));
          case NECK -> child("neck", neck(width, plan.maps().neck()));
          case CLASS, MEAN -> null;
        };
    norm =
        plan.has(Trait.NORM_FEATURE) ? child("ln", new LayerNorm(plan.eps(), pooledWidth())) : null;
    int outputs = outputs(classes);
    heads = outputs == 0 ? null : child("heads", new Sequential(Map.of("head", head(outputs))));
  }

  /** With what a line of an {@link Architecture} says. */
  VisionTransformer(TransformerPlan plan, Architecture.Options options) {
    this(options.changed(plan), options.image(), options.image(), options.classes(-1));
  }

  private int outputs(int classes) {
    if (!plan.has(Trait.PROJECT)) {
      return classes < 0 ? plan.outputs() : classes;
    }
    if (plan.outputs() == 0 || classes > 0) {
      throw UserError.of(
              plan.outputs() == 0
                  ? "the network has no projection"
                  : "a projected feature has no classes behind it")
          .at("project=true")
          .rule("the projection of CLIP and its kin stands where others have a classifier")
          .mend("leave " + (classes > 0 ? "classes or project" : "project") + " away");
    }
    return plan.outputs();
  }

  private static Conv2d patches(TransformerPlan plan) {
    int patch = plan.size().patch();
    Conv2d.Options options = Conv2d.Options.kernel(patch).window(patch, 0);
    boolean biased = plan.has(Trait.PATCH_BIAS);
    Conv2d cut = new Conv2d(3, plan.size().width(), biased ? options : options.unbiased());
    Initializer normal = Initializer.normal(0, Math.sqrt(1.0 / (3 * patch * patch)));
    return cut.startWith(normal, Initializer.constant(0));
  }

  private static Layer neck(int in, int out) {
    return new Sequential(
        new Conv2d(in, out, Conv2d.Options.kernel(1).unbiased()),
        new LayerNorm2d(out, NECK_EPS),
        new Conv2d(out, out, Conv2d.Options.kernel(3).window(1, 1).unbiased()),
        new LayerNorm2d(out, NECK_EPS));
  }

  private Linear head(int outputs) {
    Initializer zero = Initializer.constant(0);
    boolean biased = plan.outputs() == 0 || plan.has(Trait.OUTPUT_BIAS);
    return new Linear(pooledWidth(), outputs, biased).startWith(zero, zero);
  }

  /** What it is made of. */
  public TransformerPlan plan() {
    return plan;
  }

  /** Rows of the pictures that it takes. */
  public int image() {
    return high;
  }

  /** Patches in a column. */
  int rows() {
    return high / plan.size().patch();
  }

  /** Patches in a row. */
  int columns() {
    return wide / plan.size().patch();
  }

  private int pooledWidth() {
    return plan.pooling() == Pooling.NECK ? plan.maps().neck() : plan.size().width();
  }

  @Override
  public int width() {
    return plan.has(Trait.PROJECT) ? plan.outputs() : pooledWidth();
  }

  @Override
  public Tensor features(Tensor pictures) {
    Tensor x = pooled(pictures);
    return plan.has(Trait.PROJECT) ? heads.apply(x) : x;
  }

  private Tensor pooled(Tensor pictures) {
    ShapeException.check(
        pictures.shape().rank() == 4 && pictures.dim(2) == high && pictures.dim(3) == wide,
        () ->
            ShapeException.of("vision transformer: pictures of another size")
                .with("input", pictures.shape())
                .needed("[N, 3, " + high + ", " + wide + "]; the option image=N chooses another"));
    Tensor tokens = patches.apply(pictures).flatten(2).transpose(); // [N, patches, F]
    if (classToken != null) {
      Shape one = Shape.of(tokens.dim(0), 1, plan.size().width());
      tokens = Tensor.concat(1, classToken.tensor().expand(one), tokens);
    }
    Tensor x = pooledTokens(encoder.apply(tokens));
    return norm == null ? x : norm.apply(x);
  }

  private Tensor pooledTokens(Tensor tokens) {
    return switch (plan.pooling()) {
      case CLASS -> tokens.slice(1, 0, 1).flatten(1);
      case MEAN -> tokens.slice(1, plan.extra(), tokens.dim(1)).mean(false, 1);
      case ATTENTION -> pool.apply(tokens);
      case NECK -> {
        Tensor map = tokens.slice(1, plan.extra(), tokens.dim(1)).transpose();
        yield pool.apply(map.reshape(map.dim(0), map.dim(1), rows(), columns())).mean(false, 2, 3);
      }
    };
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    if (plan.has(Trait.PROJECT)) {
      return features(pictures);
    }
    Tensor x = pooled(pictures);
    return heads == null ? x : heads.apply(x);
  }

  /**
   * Reads the names of the libraries in {@link NameMaps}, and resizes positions to this network's
   * grid as the library of the names does; what belongs to other parts of a larger model, such as
   * CLIP's text tower, is left out.
   */
  @Override
  public StateDict adapt(StateDict weights, Consumer<String> report) {
    return new TransformerWeights(plan, rows(), columns(), StateDict.shapes(this))
        .adapt(weights, report);
  }
}

package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.Bicubic;
import akin.nn.Conv2d;
import akin.nn.Dropout;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.LayerNorm;
import akin.nn.Linear;
import akin.nn.MultiHeadAttention;
import akin.nn.Parameter;
import akin.nn.Sequential;
import akin.nn.StateDict;
import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Patches of a picture as the tokens of a transformer: [N,3,S,S] → features [N,F] → logits.
 *
 * <pre>
 * conv_proj        patches of P×P pixels, a matrix each        [F, S/P, S/P]
 *                  as rows, behind class_token                 [T = 1 + (S/P)², F]
 * encoder          + pos_embedding                             [T, F]
 * encoder.layers   attention and mlp, L times                  [T, F]
 * encoder.ln       layer norm; its first row is the feature    [F]
 * heads            head, a matrix                              [classes]
 * </pre>
 *
 * F = 768, L = 12 with 12 heads (B) or 1024, 24 with 16 heads (L); the mlp is 4F wide. S is 224 or
 * as {@code image=S} says: a multiple of P. Weights of another S fit after {@link #adapt}.
 *
 * <p>Source: Dosovitskiy et al., "An image is worth 16×16 words", ICLR 2021; names as in
 * torchvision.
 */
public final class VisionTransformer extends Backbone {
  private static final double EPS = 1e-6;
  private static final int PUBLISHED = 224;
  private static final String POSITIONS = "encoder.pos_embedding";

  private final Plan plan;
  private final int image;
  private final Parameter classToken;
  private final Layer patches;
  private final Layer encoder;
  private final Layer heads;

  /**
   * Sizes.
   *
   * @param patch P, side of a patch
   * @param layers L
   * @param heads of the attention
   * @param width F
   */
  record Plan(int patch, int layers, int heads, int width) {
    static Plan base(int patch) {
      return new Plan(patch, 12, 12, 768);
    }

    static Plan large(int patch) {
      return new Plan(patch, 24, 16, 1024);
    }
  }

  VisionTransformer(Plan plan, Architecture.Options options) {
    this.plan = plan;
    image = options.image() == 0 ? PUBLISHED : options.image();
    if (image % plan.patch != 0) {
      throw UserError.of("the pictures cannot be cut into patches")
          .at("image=" + image)
          .rule("the side is a multiple of the patch's, " + plan.patch)
          .mend("take image=" + Math.max(1, Math.round((float) image / plan.patch)) * plan.patch);
    }
    classToken = parameter("class_token", Shape.of(1, 1, plan.width), Initializer.constant(0));
    Conv2d cut = new Conv2d(3, plan.width, Conv2d.Options.kernel(plan.patch).window(plan.patch, 0));
    int pixels = 3 * plan.patch * plan.patch;
    cut.weight().startWith(Initializer.normal(0, Math.sqrt(1.0 / pixels)));
    cut.bias().startWith(Initializer.constant(0));
    patches = child("conv_proj", cut);
    encoder = child("encoder", new Encoder(plan, 1 + side() * side()));
    int classes = options.classes(1000);
    heads = classes == 0 ? null : child("heads", new Sequential(Map.of("head", head(classes))));
  }

  private Linear head(int classes) {
    Initializer zero = Initializer.constant(0);
    return new Linear(plan.width, classes).startWith(zero, zero);
  }

  /** Patches along a side. */
  private int side() {
    return image / plan.patch;
  }

  /** Tokens [N,T,F], with their positions added, through the layers: [N,T,F]. */
  private static final class Encoder extends Layer {
    private final Parameter positions;
    private final Layer dropout;
    private final Layer layers;
    private final Layer norm;

    Encoder(Plan plan, int tokens) {
      Shape shape = Shape.of(1, tokens, plan.width);
      positions = parameter("pos_embedding", shape, Initializer.normal(0, 0.02));
      dropout = child("dropout", new Dropout(0));
      Map<String, Layer> blocks = new LinkedHashMap<>();
      for (int i = 0; i < plan.layers; i++) {
        blocks.put(
            "encoder_layer_" + i,
            new EncoderBlock(
                new LayerNorm(EPS, plan.width),
                new MultiHeadAttention(plan.width, plan.heads),
                new LayerNorm(EPS, plan.width),
                mlp(plan.width, 4 * plan.width)));
      }
      layers = child("layers", new Sequential(blocks));
      norm = child("ln", new LayerNorm(EPS, plan.width));
    }

    @Override
    protected Tensor forward(Tensor tokens) {
      return norm.apply(layers.apply(dropout.apply(tokens.add(positions.tensor()))));
    }

    /** W₂·gelu(W₁·x + b₁) + b₂, dropout behind each; ours has none, as published. */
    private static Layer mlp(int width, int hidden) {
      return new Sequential(
          matrix(width, hidden),
          Activation.gelu(),
          new Dropout(0),
          matrix(hidden, width),
          new Dropout(0));
    }

    private static Linear matrix(int in, int out) {
      return new Linear(in, out)
          .startWith(Initializer.xavierUniform(in, out), Initializer.normal(0, 1e-6));
    }
  }

  @Override
  public int width() {
    return plan.width;
  }

  @Override
  public Tensor features(Tensor pictures) {
    ShapeException.check(
        pictures.shape().rank() == 4 && pictures.dim(2) == image && pictures.dim(3) == image,
        () ->
            ShapeException.of("vision transformer: pictures of another size")
                .with("input", pictures.shape())
                .needed(
                    "[N, 3, " + image + ", " + image + "]; the option image=N chooses another"));
    Tensor rows = patches.apply(pictures).flatten(2).transpose(); // [N, patches, F]
    Tensor first = classToken.tensor().expand(Shape.of(rows.dim(0), 1, plan.width));
    Tensor tokens = encoder.apply(Tensor.concat(1, first, rows));
    return tokens.slice(1, 0, 1).flatten(1);
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    Tensor x = features(pictures);
    return heads == null ? x : heads.apply(x);
  }

  /**
   * Reads the names of an older torchvision (as published files have them), and resizes the grid of
   * positions to this network's: bicubic with aligned corners, the class token's row apart, as
   * torchvision's {@code interpolate_embeddings}.
   */
  @Override
  public StateDict adapt(StateDict weights, Consumer<String> report) {
    StateDict adapted = new StateDict();
    int[] renamed = {0};
    weights
        .values()
        .forEach(
            (name, value) -> {
              String now =
                  name.replace(".mlp.linear_1.", ".mlp.0.").replace(".mlp.linear_2.", ".mlp.3.");
              renamed[0] += now.equals(name) ? 0 : 1;
              adapted.put(now, now.equals(POSITIONS) ? resized(value, report) : value);
            });
    if (renamed[0] > 0) {
      report.accept(renamed[0] + " names of an older torchvision: mlp.linear_1 is mlp.0, _2 is .3");
    }
    return adapted;
  }

  /**
   * The positions of this network's grid; unchanged where they fit, or come from no square grid.
   */
  private StateDict.Value resized(StateDict.Value positions, Consumer<String> report) {
    Shape shape = positions.shape(); // [1, 1 + from², F]
    int to = side();
    int from = shape.rank() == 3 ? (int) Math.round(Math.sqrt(shape.size(1) - 1.0)) : to;
    if (from == to || from < 1 || !shape.equals(Shape.of(1, 1 + from * from, plan.width))) {
      return positions;
    }
    double[] all = positions.doubles();
    double[] grid = new double[all.length - plan.width];
    System.arraycopy(all, plan.width, grid, 0, grid.length);
    Bicubic bicubic = new Bicubic(true);
    double[] rows = bicubic.resize(grid, 1, from, from * plan.width, to);
    double[] columns = bicubic.resize(rows, to, from, plan.width, to);
    double[] joined = new double[plan.width + columns.length];
    System.arraycopy(all, 0, joined, 0, plan.width);
    System.arraycopy(columns, 0, joined, plan.width, columns.length);
    report.accept(
        String.format(
            "%s resized from %d×%d to %d×%d patches: the weights are of pictures of %d pixels, the"
                + " network of %d",
            POSITIONS, from, from, to, to, from * plan.patch, image));
    return StateDict.Value.of(Shape.of(1, 1 + to * to, plan.width), joined);
  }
}

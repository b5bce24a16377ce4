package akin.nn;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * Self-attention: every token of [N,T,D] becomes a mixture of all tokens of its sample, in each of
 * several heads by its own measure of fit; see {@link Attention}. [N,T,D] → [N,T,D].
 *
 * <p>{@code in_proj_weight} [3D,D] (rows for queries, keys, values) begins by Glorot and Bengio's
 * rule, {@code out_proj.weight} [D,D] as a {@link Linear}; {@code in_proj_bias} [3D] and {@code
 * out_proj.bias} [D] at 0. Names are torch's; of what the options add, {@code q_bias}, {@code
 * v_bias} [D] and {@code norm}, they are timm's, {@code relative} is SAM's tables.
 *
 * <p>Source: Vaswani et al., "Attention is all you need", NeurIPS 2017.
 */
public final class MultiHeadAttention extends Layer {
  private final int width;
  private final int heads;
  private final Options options;
  private final Parameter inWeight;
  private final Parameter inBias; // null where keys have none
  private final Parameter queryBias;
  private final Parameter valueBias;
  private final Layer relative;
  private final Layer norm;
  private final Linear out;

  /**
   * What may be added.
   *
   * @param keyBias whether keys have a bias as queries and values do
   * @param eps of a layer norm on the joined heads, before the last matrix; 0 for none
   * @param rotary turns queries and keys by their places; or null
   * @param grid rows and columns of the tokens where {@linkplain RelativePositions relative
   *     positions} count; or null
   * @param windows keeps attention inside windows; or null
   */
  public record Options(boolean keyBias, double eps, Rotary rotary, Grid grid, Windows windows) {
    /** Nothing added. */
    public static Options plain() {
      return new Options(true, 0, null, null, null);
    }
  }

  /** Rows and columns of tokens. */
  public record Grid(int rows, int columns) {}

  /**
   * @param width D, a multiple of {@code heads}
   */
  public MultiHeadAttention(int width, int heads) {
    this(width, heads, Options.plain());
  }

  /**
   * @param width D, a multiple of {@code heads}
   */
  public MultiHeadAttention(int width, int heads, Options options) {
    if (heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "attention: the width is a multiple of the heads; " + width + " and " + heads);
    }
    this.width = width;
    this.heads = heads;
    this.options = options;
    Initializer glorot = Initializer.xavierUniform(width, 3L * width);
    inWeight = parameter("in_proj_weight", Shape.of(3L * width, width), glorot);
    inBias = options.keyBias ? bias("in_proj_bias", 3) : null;
    queryBias = options.keyBias ? null : bias("q_bias", 1);
    valueBias = options.keyBias ? null : bias("v_bias", 1);
    Grid grid = options.grid;
    relative =
        grid == null
            ? null
            : child("relative", new RelativePositions(grid.rows, grid.columns, width / heads));
    norm = options.eps == 0 ? null : child("norm", new LayerNorm(options.eps, width));
    out = child("out_proj", new Linear(width, width));
    out.bias().startWith(Initializer.constant(0));
  }

  private Parameter bias(String name, int parts) {
    return parameter(name, Shape.of((long) parts * width), Initializer.constant(0));
  }

  @Override
  protected Tensor forward(Tensor x) {
    ShapeException.check(
        x.shape().rank() == 3 && x.dim(2) == width,
        () ->
            ShapeException.of("attention: not tokens of the layer's width")
                .with("input", x.shape())
                .needed("[N, T, " + width + "]"));
    Windows windows = options.windows;
    Tensor y = windows == null ? mixed(x) : windows.join(mixed(windows.cut(x)));
    return out.apply(norm == null ? y : norm.apply(y));
  }

  private Tensor mixed(Tensor x) {
    Rotary rotary = options.rotary;
    return Attention.self(
        x,
        inWeight.tensor(),
        bias(),
        heads,
        rotary == null ? UnaryOperator.identity() : rotary::turn,
        relative == null ? null : relative::apply);
  }

  private Tensor bias() {
    return inBias != null
        ? inBias.tensor()
        : Tensor.concat(0, queryBias.tensor(), Tensor.zeros(Shape.of(width)), valueBias.tensor());
  }
}

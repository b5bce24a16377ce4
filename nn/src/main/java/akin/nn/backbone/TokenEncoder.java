package akin.nn.backbone;

import akin.nn.Dropout;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.LayerNorm;
import akin.nn.LayerScale;
import akin.nn.Linear;
import akin.nn.MultiHeadAttention;
import akin.nn.Parameter;
import akin.nn.Rotary;
import akin.nn.Sequential;
import akin.nn.SwiGlu;
import akin.nn.Windows;
import akin.nn.backbone.TransformerPlan.Maps;
import akin.nn.backbone.TransformerPlan.Mlp;
import akin.nn.backbone.TransformerPlan.Trait;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The class token, if there is one, and patches [N,T,F], through positions and layers: [N,T + R,F]
 * with the registers behind the class token.
 */
final class TokenEncoder extends Layer {
  private final TransformerPlan plan;
  private final int rows;
  private final int columns;
  private final Parameter positions;
  private final Parameter registers;
  private final Layer dropout;
  private final Layer before;
  private final Layer layers;
  private final Layer norm;

  /**
   * @param rows of patches
   * @param columns of patches
   */
  TokenEncoder(TransformerPlan plan, int rows, int columns) {
    this.plan = plan;
    this.rows = rows;
    this.columns = columns;
    int width = plan.size().width();
    Initializer little = Initializer.normal(0, 0.02);
    int first = plan.has(Trait.CLASS_TOKEN) ? 1 : 0;
    Shape shape = Shape.of(1, (long) first + rows * columns, width);
    positions = parameter("pos_embedding", shape, little);
    registers =
        plan.registers() == 0
            ? null
            : parameter("register_tokens", Shape.of(1, plan.registers(), width), little);
    dropout = child("dropout", new Dropout(0));
    before = plan.has(Trait.NORM_BEFORE) ? child("ln_pre", norm()) : null;
    layers = child("layers", layers());
    norm = plan.has(Trait.NORM_TOKENS) ? child("ln", norm()) : null;
  }

  private Layer layers() {
    int width = plan.size().width();
    int head = width / plan.size().heads();
    Rotary rotary =
        plan.reference() == 0
            ? null
            : new Rotary(rows, columns, plan.extra(), plan.reference(), head);
    Map<String, Layer> blocks = new LinkedHashMap<>();
    for (int i = 0; i < plan.size().layers(); i++) {
      EncoderBlock.Parts parts =
          new EncoderBlock.Parts(norm(), attention(i, rotary), scale(), norm(), mlp(plan), scale());
      blocks.put("encoder_layer_" + i, new EncoderBlock(parts, plan.has(Trait.POST_NORM)));
    }
    return new Sequential(blocks);
  }

  private Layer norm() {
    return new LayerNorm(plan.eps(), plan.size().width());
  }

  private Layer scale() {
    return plan.has(Trait.LAYER_SCALE) ? new LayerScale(plan.size().width()) : null;
  }

  private Layer attention(int layer, Rotary rotary) {
    Maps maps = plan.maps();
    boolean windowed = maps != null && !maps.global().contains(layer);
    MultiHeadAttention.Grid grid =
        maps == null
            ? null
            : windowed
                ? new MultiHeadAttention.Grid(maps.window(), maps.window())
                : new MultiHeadAttention.Grid(rows, columns);
    return new MultiHeadAttention(
        plan.size().width(),
        plan.size().heads(),
        new MultiHeadAttention.Options(
            !plan.has(Trait.NO_KEY_BIAS),
            plan.has(Trait.NORM_HEADS) ? plan.eps() : 0,
            rotary,
            grid,
            windowed ? new Windows(rows, columns, maps.window()) : null));
  }

  /** W₂·gelu(W₁·x + b₁) + b₂, dropout behind each; ours has none, as published. */
  static Layer mlp(TransformerPlan plan) {
    int width = plan.size().width();
    int hidden = plan.size().hidden();
    if (plan.mlp() != Mlp.PLAIN) {
      return new SwiGlu(width, hidden, plan.mlp() == Mlp.GATED_NORM ? plan.eps() : 0);
    }
    return new Sequential(
        matrix(width, hidden),
        plan.activation().layer(),
        new Dropout(0),
        matrix(hidden, width),
        new Dropout(0));
  }

  private static Linear matrix(int in, int out) {
    return new Linear(in, out)
        .startWith(Initializer.xavierUniform(in, out), Initializer.normal(0, 1e-6));
  }

  @Override
  protected Tensor forward(Tensor tokens) {
    Tensor x = tokens.add(positions.tensor());
    if (registers != null) {
      int first = plan.has(Trait.CLASS_TOKEN) ? 1 : 0;
      Tensor learned =
          registers.tensor().expand(Shape.of(x.dim(0), plan.registers(), plan.size().width()));
      x =
          first == 0
              ? Tensor.concat(1, learned, x)
              : Tensor.concat(1, x.slice(1, 0, 1), learned, x.slice(1, 1, x.dim(1)));
    }
    x = dropout.apply(x);
    x = layers.apply(before == null ? x : before.apply(x));
    return norm == null ? x : norm.apply(x);
  }
}

package akin.nn.check;

import akin.nn.Attention;
import akin.nn.AttentionPool;
import akin.nn.QuickGelu;
import akin.nn.RelativePositions;
import akin.nn.Rotary;
import akin.nn.SwiGlu;
import akin.nn.Windows;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import java.util.List;

/** Gradient cases of what image encoders add to the plain transformer. */
public final class EncoderCases implements CaseProvider {
  /** For {@link java.util.ServiceLoader}. */
  public EncoderCases() {}

  @Override
  public List<CaseGenerator> generators() {
    return List.of(
        CaseGenerator.loss("quick GELU", QuickGelu.class, EncoderCases::quickGelu),
        CaseGenerator.loss("gate by SiLU", SwiGlu.class, EncoderCases::gate),
        CaseGenerator.loss("rotary positions", Rotary.class, EncoderCases::rotary),
        CaseGenerator.loss("relative positions", RelativePositions.class, EncoderCases::relative),
        CaseGenerator.loss("windows of tokens", Windows.class, EncoderCases::windows),
        CaseGenerator.loss("attention turned by places", Attention.class, EncoderCases::turned),
        CaseGenerator.loss("attention pool", AttentionPool.class, EncoderCases::pool));
  }

  private static GradientCase quickGelu(Draw draw) {
    Shape shape = Shape.of(draw.extent(), draw.extent());
    return GradientCase.of("x·σ(1.702x)", in -> QuickGelu.of(in[0]), draw.input(shape)).scaled(10);
  }

  private static GradientCase gate(Draw draw) {
    Shape shape = Shape.of(draw.extent(), draw.extent(), 2L * draw.extent());
    return GradientCase.of("halves", in -> SwiGlu.gated(in[0]), draw.input(shape)).scaled(10);
  }

  private static Rotary drawRotary(Draw draw, int rows, int columns, int first, int width) {
    return new Rotary(rows, columns, first, draw.between(1, 5), width);
  }

  private static GradientCase rotary(Draw draw) {
    int rows = draw.between(1, 3);
    int columns = draw.between(1, 3);
    int first = draw.between(0, 2);
    int width = 4 * draw.between(1, 2);
    Rotary rotary = drawRotary(draw, rows, columns, first, width);
    Shape shape = Shape.of(draw.between(1, 2), 2, (long) first + rows * columns, width);
    String about = rows + "×" + columns + " behind " + first;
    return GradientCase.of(about, in -> rotary.turn(in[0]), draw.input(shape)).scaled(4);
  }

  private static GradientCase relative(Draw draw) {
    int rows = draw.between(1, 3);
    int columns = draw.between(1, 3);
    int d = draw.between(1, 3);
    return GradientCase.of(
            rows + "×" + columns,
            in -> RelativePositions.of(in[0], in[1], in[2]),
            draw.input(Shape.of(draw.between(1, 2), 2, (long) rows * columns, d)),
            draw.input(Shape.of(2L * rows - 1, d)),
            draw.input(Shape.of(2L * columns - 1, d)))
        .scaled(10);
  }

  /** Each window's tokens are multiplied with each other, so that a misplaced one shows. */
  private static GradientCase windows(Draw draw) {
    int rows = draw.between(1, 4);
    int columns = draw.between(1, 4);
    Windows windows = new Windows(rows, columns, draw.between(1, 3));
    Shape shape = Shape.of(draw.between(1, 2), (long) rows * columns, draw.between(1, 3));
    return GradientCase.of(
            windows.toString(),
            in -> {
              Tensor each = windows.cut(in[0]);
              return windows.join(each.mul(each.sum(true, 1)));
            },
            draw.input(shape))
        .scaled(100);
  }

  private static GradientCase turned(Draw draw) {
    int heads = draw.between(1, 2);
    int d = 4;
    long width = (long) heads * d;
    Rotary rotary = drawRotary(draw, 2, 2, 1, d);
    double reach = 1 / Math.sqrt(width);
    return GradientCase.of(
            heads + " heads",
            in -> Attention.self(in[0], in[1], in[2], heads, rotary::turn, null),
            draw.input(Shape.of(draw.between(1, 2), 5, width), -1, 1),
            draw.input(Shape.of(3 * width, width), -reach, reach),
            draw.input(Shape.of(3 * width), -1, 1))
        .scaled(2 * (Math.sqrt(width) + 1) * (Math.sqrt(width) + 1) * Math.sqrt(width));
  }

  private static GradientCase pool(Draw draw) {
    int heads = draw.between(1, 3);
    long width = heads * (long) draw.between(1, 3);
    double reach = 1 / Math.sqrt(width); // queries and keys stay within √width + 1
    return GradientCase.of(
            heads + " heads",
            in -> AttentionPool.ask(in[0], in[1], in[2], in[3], heads),
            draw.input(Shape.of(1, 1, width), -1, 1),
            draw.input(Shape.of(draw.extent(), draw.extent(), width), -1, 1),
            draw.input(Shape.of(3 * width, width), -reach, reach),
            draw.input(Shape.of(3 * width), -1, 1))
        .scaled((Math.sqrt(width) + 1) * (Math.sqrt(width) + 1) * Math.sqrt(width));
  }
}

package akin.nn.check;

import akin.nn.head.GemPool;
import akin.tensor.Shape;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.Draw;
import akin.tensor.check.GradientCase;
import akin.tensor.check.Input;
import java.util.List;

/** Gradient cases of global descriptors, with exponents that are fixed and that learn. */
public final class DescriptorCases implements CaseProvider {
  /** For {@link java.util.ServiceLoader}. */
  public DescriptorCases() {}

  @Override
  public List<CaseGenerator> generators() {
    return List.of(
        CaseGenerator.loss("generalised mean", GemPool.class, DescriptorCases::fixed),
        CaseGenerator.loss("generalised mean, learnt", GemPool.class, DescriptorCases::learnt));
  }

  private static GradientCase fixed(Draw draw) {
    double p = draw.pick(List.of(1.0, 2.5, 3.0, 6.0));
    return GradientCase.of("p = " + p, in -> GemPool.of(in[0], p), maps(draw));
  }

  private static GradientCase learnt(Draw draw) {
    return GradientCase.of(
        "p learns", in -> GemPool.of(in[0], in[1]), maps(draw), draw.input(Shape.of(1), 1, 5));
  }

  /** Positive maps: at 0 the slope of a power is 0 or infinite. */
  private static Input maps(Draw draw) {
    return draw.input(draw.shape(4), 0.1, 2);
  }
}

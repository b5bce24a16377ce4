package akin.app;

import akin.tensor.Shape;
import akin.tensor.check.CaseGenerator;
import akin.tensor.check.CaseProvider;
import akin.tensor.check.GradientCase;
import akin.tensor.op.Context;
import akin.tensor.op.CustomOp;
import java.util.List;

/** Registers an operator that is wrong, to see that the command says so. */
public final class WrongCases implements CaseProvider {
  /** y = 2x, but dx = 3·dy. */
  record WrongDouble() implements CustomOp {
    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public void forward(Context c) {
      c.backend().affine(2, c.in(0), 0, c.out());
    }

    @Override
    public void backward(Context c) {
      var g = c.temp(c.outShape().count());
      c.backend().affine(3, c.grad(), 0, g);
      c.accumulate(0, g);
    }
  }

  @Override
  public List<CaseGenerator> generators() {
    return List.of(
        CaseGenerator.operator(
            "wrong on purpose",
            WrongDouble.class,
            draw -> GradientCase.of(new WrongDouble(), draw.input(draw.shape(2)))));
  }
}

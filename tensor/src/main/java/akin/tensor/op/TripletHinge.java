package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.backend.Buffer;

/**
 * Y[0,i] = Σ_{j,k} [near[i,j] − far[i,k] + m]₊, the hinge over all triplets of an anchor i, and
 * Y[1,i] = how many of these terms are above 0: near [N,P], far [N,M] → Y [2,N]. The terms
 * themselves, [N,P,M], are never in memory.
 *
 * <p>dNear[i,j] = dY[0,i]·#{k : near[i,j] − far[i,k] + m &gt; 0}, dFar[i,k] = −dY[0,i]·#{j : …}.
 * The counts Y[1] are constants.
 *
 * @param margin m
 */
public record TripletHinge(double margin) implements Op {
  @Override
  public Shape shape(Shape... in) {
    ShapeException.check(
        in[0].rank() == 2 && in[1].rank() == 2 && in[0].size(0) == in[1].size(0),
        () ->
            ShapeException.of("triplet hinge: not the same number of anchors")
                .with("near", in[0])
                .with("far", in[1])
                .needed("near [N,P], far [N,M]"));
    return Shape.of(2, in[0].size(0));
  }

  @Override
  public void forward(Context c) {
    int n = c.shape(0).dim(0);
    int p = c.shape(0).dim(1);
    c.backend().tripletHinge(margin, c.in(0), c.in(1), c.out(), n, p, c.shape(1).dim(1));
  }

  @Override
  public void backward(Context c) {
    int n = c.shape(0).dim(0);
    int p = c.shape(0).dim(1);
    int m = c.shape(1).dim(1);
    Buffer dNear = c.temp(c.shape(0).count());
    Buffer dFar = c.temp(c.shape(1).count());
    c.backend().tripletHingeGrad(margin, c.in(0), c.in(1), c.grad(), dNear, dFar, n, p, m);
    if (c.wants(0)) {
      c.accumulate(0, dNear);
    }
    if (c.wants(1)) {
      c.accumulate(1, dFar);
    }
  }
}

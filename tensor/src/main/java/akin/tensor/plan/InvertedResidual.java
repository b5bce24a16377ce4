package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.op.Context;
import java.util.ArrayList;
import java.util.List;

/**
 * Two or three convolutions one after the other, with what follows each: perhaps one that widens,
 * of one tap or of a picture, one of 3×3 taps that sees one channel each, one of one tap that
 * narrows. What lies between them is up to six times as large as what goes in and comes out; who
 * does them together need not write it to memory. Inputs: x, then weights and bias, if there is
 * one, of each in turn, then the residual of the last, if there is one.
 *
 * <p>Source: Sandler and others, "MobileNetV2: inverted residuals and linear bottlenecks", CVPR
 * 2018, section 3.3 and figure 3; section 5 on memory.
 */
public record InvertedResidual(List<FusedConv2d> parts) implements Work {
  /** The sizes of each part of a node that does this. */
  public List<ConvShape> shapes(Node node) {
    Shape x = node.inputs().get(0).shape();
    List<ConvShape> shapes = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      FusedConv2d part = parts.get(i);
      Shape w = node.inputs().get(weights(i)).shape();
      ConvShape s = ConvShape.of(x, w, part.window(), part.groups());
      shapes.add(s);
      x = s.output();
    }
    return shapes;
  }

  /** Which input holds the weights of a part; its bias is the next. */
  public int weights(int part) {
    int at = 1;
    for (FusedConv2d before : parts.subList(0, part)) {
      at += before.biased() ? 2 : 1;
    }
    return at;
  }

  /** What follows the last part. */
  public FusedConv2d last() {
    return parts.get(parts.size() - 1);
  }

  /** Which input is the residual, if there is one. */
  public int residual() {
    return weights(parts.size());
  }

  @Override
  public void forward(Context c) {
    Buffer x = c.in(0);
    Shape shape = c.shape(0);
    for (int i = 0; i < parts.size(); i++) {
      FusedConv2d part = parts.get(i);
      int w = weights(i);
      ConvShape s = ConvShape.of(shape, c.shape(w), part.window(), part.groups());
      shape = s.output();
      Buffer bias = part.biased() ? c.in(w + 1) : null;
      Buffer residual = part.residual() ? c.in(residual()) : null;
      Buffer y = part == last() ? c.out() : c.temp(shape.count());
      c.backend().conv2d(s, x, c.in(w), bias, residual, part.act(), y);
      x = y;
    }
  }

  @Override
  public boolean byShape() {
    return true;
  }

  @Override
  public String name() {
    if (parts.size() == 2) {
      return "Separable conv2d" + last().epilogue();
    }
    boolean plain = parts.get(0).window().equals(ConvShape.Window.plain());
    return (plain ? "Inverted residual" : "Stem, separable conv2d") + last().epilogue();
  }
}

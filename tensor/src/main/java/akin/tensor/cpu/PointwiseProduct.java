package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;

/**
 * The gradient of a kernel of one tap that visits every cell, dW = Σ over pictures of dY·Xᵀ, as one
 * product of matrices [outputs, cells of all pictures] and [cells of all pictures, inputs].
 */
final class PointwiseProduct implements Convolutions.KernelGradient {
  private final ConvShape shape;

  PointwiseProduct(ConvShape s) {
    shape = s;
  }

  @Override
  public void run(Workers workers, Scratch scratch, float[] x, float[] dy, float[] dw) {
    Gemm gemm = new Gemm(workers, scratch);
    int plane = shape.h() * shape.w();
    int outputs = shape.o() / shape.groups();
    int inputs = shape.channelsPerGroup();
    for (int g = 0; g < shape.groups(); g++) {
      Matrix gradients = new Matrix(dy, g * outputs * plane, plane, false);
      Matrix cells = new Matrix(x, g * inputs * plane, plane, true);
      gemm.run(
          new Gemm.Call(
              Gemm.Kind.PRODUCT,
              new Pictures(gradients, plane, shape.o() * plane),
              new Pictures(cells, plane, shape.c() * plane),
              dw,
              g * outputs * inputs,
              outputs,
              shape.n() * plane,
              inputs));
    }
  }
}

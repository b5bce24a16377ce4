package akin.cuda.jcuda;

import java.util.HashMap;
import java.util.Map;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;

/** Descriptions of float32 tensors for cuDNN, made once for each shape. */
final class TensorDescriptors {
  private final Map<Shape, cudnnTensorDescriptor> made = new HashMap<>();

  /** Sizes of a dense tensor [n,c,h,w]. */
  private record Shape(int n, int c, int h, int w) {}

  cudnnTensorDescriptor of(int n, int c, int h, int w) {
    return made.computeIfAbsent(new Shape(n, c, h, w), TensorDescriptors::make);
  }

  private static cudnnTensorDescriptor make(Shape s) {
    cudnnTensorDescriptor descriptor = new cudnnTensorDescriptor();
    Results.dnn("cudnnCreateTensorDescriptor", JCudnn.cudnnCreateTensorDescriptor(descriptor));
    Results.dnn(
        "cudnnSetTensor4dDescriptor of " + s,
        JCudnn.cudnnSetTensor4dDescriptor(
            descriptor,
            cudnnTensorFormat.CUDNN_TENSOR_NCHW,
            cudnnDataType.CUDNN_DATA_FLOAT,
            s.n(),
            s.c(),
            s.h(),
            s.w()));
    return descriptor;
  }

  int size() {
    return made.size();
  }

  void close() {
    made.values().forEach(JCudnn::cudnnDestroyTensorDescriptor);
    made.clear();
  }
}

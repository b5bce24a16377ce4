package akin.cuda.teach;

import akin.cuda.kernel.KernelFile;
import akin.tensor.backend.Backend;
import java.util.List;

/**
 * A call of the backend that shows kernels at work. Which kernels it launches, with which grid and
 * arguments, is the backend's own affair: nothing is written down twice.
 *
 * @param call as a person would write it
 * @param trial the call with drawn inputs
 */
record Example(String call, Trial trial) {
  /** Does the call. */
  interface Trial {
    /**
     * @param n about how many elements the largest array has
     */
    void run(Bench bench, Backend on, int n);
  }

  /** Elements of a row: no power of two, yet whole sectors of 32 bytes. */
  static final int WIDTH = 208;

  /** How many rows of them there are. */
  static int rows(int n) {
    return Math.max(1, n / WIDTH);
  }

  /** The examples of a file: together they launch each of its kernels, as a test checks. */
  static List<Example> of(KernelFile file) {
    return switch (file) {
      case UNARY -> ElementExamples.unary();
      case UNARY_GRAD -> ElementExamples.unaryGrad();
      case BINARY -> ElementExamples.binary();
      case BINARY_GRAD -> ElementExamples.binaryGrad();
      case UPDATE -> ElementExamples.update();
      case RANDOM -> ElementExamples.random();
      case REDUCE -> LineExamples.reduce();
      case ARRANGE -> LineExamples.arrange();
      case SELECT -> LineExamples.select();
      case LAYER_NORM -> LineExamples.layerNorm();
      case UNIT_LINES -> LineExamples.unitLines();
      case CONVOLUTION -> PictureExamples.convolution();
      case POOL -> PictureExamples.pool();
      case BATCH_NORM -> PictureExamples.batchNorm();
      case DISTANCES -> SearchExamples.distances();
      case DISTANCES_GRAD -> SearchExamples.distancesGrad();
      case SEARCH -> SearchExamples.search();
      case TRIPLETS -> SearchExamples.triplets();
    };
  }
}

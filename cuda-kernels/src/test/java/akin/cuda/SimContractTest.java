package akin.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.cuda.sim.SimDevice;
import akin.tensor.backend.Backend;
import akin.tensor.check.BackendContract;
import akin.tensor.check.BackendContract.Result;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cuda backend keeps the contract of every method on the PTX machine, which also refuses reads
 * of memory that nothing wrote, and races.
 */
class SimContractTest {
  private static final long MEMORY = 256 << 20;

  private static Backend open() {
    return new CudaBackend("sim", SimDevice.checked(MEMORY), MEMORY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "elementBytes",
        "allocate",
        "release",
        "memory",
        "upload",
        "download",
        "synchronize",
        "fill",
        "copy2d",
        "reduce",
        "permute",
        "gatherRows",
        "scatterAddRows",
        "topK",
        "pool2d",
        "pool2dGrad",
        "layerNorm",
        "layerNormGrad",
        "normalize",
        "normalizeGrad",
        "affine",
        "unary",
        "unaryGrad",
        "binary",
        "binaryGrad",
        "matmul",
        "conv2d",
        "conv2dGradInput",
        "conv2dGradWeight",
        "distances",
        "distancesGrad",
        "searcher",
        "batchNorm",
        "batchNormGrad",
        "softmax",
        "softmaxGrad",
        "update",
        "updateAll",
        "random",
        "close"
      })
  void keepsTheContract(String method) {
    List<Result> results = BackendContract.run(SimContractTest::open, method::equals);
    assertEquals(1, results.size(), method);
    assertEquals(List.of(), results.get(0).failures());
  }
}

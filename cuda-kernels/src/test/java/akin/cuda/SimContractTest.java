package akin.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.cuda.sim.SimDevice;
import akin.tensor.backend.Backend;
import akin.tensor.check.BackendContract;
import akin.tensor.check.BackendContract.Result;
import akin.tensor.check.ContractCase;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cuda backend keeps the contract of every method on the PTX machine, which also refuses reads
 * of memory that nothing wrote, and races.
 */
class SimContractTest {
  private static final long MEMORY = 256 << 20;

  private static Backend open() {
    return new CudaBackend("sim", SimDevice.checked(MEMORY), MEMORY);
  }

  /** Every method of the contract but those of {@link SimSearchContractTest}. */
  static List<String> methods() {
    return BackendContract.cases().stream()
        .map(ContractCase::method)
        .distinct()
        .filter(method -> !SimSearchContractTest.METHODS.contains(method))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void keepsTheContract(String method) {
    keeps(method);
  }

  static void keeps(String method) {
    List<Result> results = BackendContract.run(SimContractTest::open, method::equals);
    assertEquals(1, results.size(), method);
    assertEquals(List.of(), results.get(0).failures());
  }
}

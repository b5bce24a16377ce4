package akin.cuda;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** {@link SimContractTest} for the methods that take longest, in a process of their own. */
@Tag("one-jdk")
class SimSearchContractTest {
  static final List<String> METHODS = List.of("searcher", "plan");

  @ParameterizedTest
  @FieldSource("METHODS")
  void keepsTheContract(String method) {
    SimContractTest.keeps(method);
  }
}

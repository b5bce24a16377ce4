package akin.tensor.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Backend.Norm;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Runner;
import akin.tensor.backend.Searcher;
import akin.tensor.check.BackendContract.Result;
import akin.tensor.reference.ReferenceBackend;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class BackendContractTest {
  private static final Method SEARCH = method(Searcher.class, "topK");
  private static final Method RUN = method(Runner.class, "run");

  private static Method method(Class<?> of, String name) {
    return Arrays.stream(of.getMethods())
        .filter(m -> m.getName().equals(name))
        .findAny()
        .orElseThrow();
  }

  @Test
  void theReferenceKeepsItsOwnContractExactly() {
    for (Result r : BackendContract.run(ReferenceBackend::new, method -> true)) {
      assertEquals(List.of(), r.failures());
      assertEquals(0, r.worst(), r.method());
    }
  }

  @Test
  void roundingToFloat32IsWithinTheBoundsAndEveryMethodIsCalledByItsOwnCases() {
    Map<Method, Integer> calls = new HashMap<>();
    String[] current = new String[1];
    Single counting =
        new Single() {
          @Override
          public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
            if (method.getName().equals(current[0])) {
              calls.merge(method, 1, Integer::sum);
            }
            return super.invoke(proxy, method, args);
          }
        };
    try (Backend reference = new ReferenceBackend()) {
      for (ContractCase c : BackendContract.cases()) {
        current[0] = c.method();
        assertEquals(List.of(), c.compare(counting.backend(), reference).failures());
      }
    }
    for (Method method : methods().toList()) {
      int least = method.getParameterCount() > 0 ? 5 : 1;
      assertTrue(calls.getOrDefault(method, 0) >= least, () -> "too few cases: " + method);
    }
  }

  /** Even where sums are exact and only rounded in the end. */
  @Test
  void aVarianceFromAMeanOfSquaresIsCaught() {
    Single cancelling =
        new Single() {
          @Override
          public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
            Object result = super.invoke(proxy, method, args);
            if (method.getName().equals("batchNorm")) {
              cancel((Buffer) args[0], (Buffer) args[7], (Norm) args[8]);
            }
            return result;
          }

          private void cancel(Buffer x, Buffer invStd, Norm s) {
            double[] numbers = new double[Math.toIntExact(x.length())];
            exact.download(x, numbers);
            double[] mean = new double[s.channels()];
            double[] square = new double[s.channels()];
            for (int i = 0; i < numbers.length; i++) {
              int c = (int) (i / s.inner() % s.channels());
              mean[c] += numbers[i] / (s.outer() * s.inner());
              square[c] += numbers[i] * numbers[i] / (s.outer() * s.inner());
            }
            double[] r = new double[s.channels()];
            Arrays.setAll(
                r, c -> 1 / Math.sqrt((float) square[c] - (float) (mean[c] * mean[c]) + s.eps()));
            exact.upload(r, invStd);
          }
        };
    List<ContractCase> far =
        BackendContract.cases().stream()
            .filter(c -> c.method().equals("batchNorm") && c.name().endsWith("around 4096.0"))
            .toList();
    long caught = far.stream().filter(c -> fails(c, cancelling)).count();
    // The bound of a single channel of 702 numbers is wide enough for luck.
    assertTrue(caught > far.size() / 2, caught + " of " + far.size());
  }

  private static Stream<Method> methods() {
    return Arrays.stream(Backend.class.getMethods());
  }

  @TestFactory
  Stream<DynamicTest> faultsAreCaught() {
    return Stream.concat(methods(), Stream.of(SEARCH, RUN))
        .map(
            method -> {
              String name =
                  method == SEARCH ? "searcher" : method == RUN ? "plan" : method.getName();
              String title = method.getName() + Arrays.toString(method.getParameterTypes());
              return DynamicTest.dynamicTest(title, () -> faultsAreCaught(method, name));
            });
  }

  private static void faultsAreCaught(Method method, String name) {
    List<ContractCase> cases =
        BackendContract.cases().stream().filter(c -> c.method().equals(name)).toList();
    List<String> survivors = new ArrayList<>();
    int caught = 0;
    for (Fault fault : Fault.of(method)) {
      Faulty faulty = new Faulty(method, fault);
      if (cases.stream().anyMatch(c -> fails(c, faulty))) {
        caught++;
      } else if (faulty.applied()) {
        survivors.add(fault.toString());
      }
    }
    assertEquals(List.of(), survivors);
    assertTrue(caught > 0, "no fault was planted");
  }

  private static boolean fails(ContractCase c, Single faulty) {
    try (Backend reference = new ReferenceBackend()) {
      return !c.compare(faulty.backend(), reference).failures().isEmpty();
    }
  }
}

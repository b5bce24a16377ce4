package akin.tensor.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Backend;
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

  private static boolean fails(ContractCase c, Faulty faulty) {
    try (Backend reference = new ReferenceBackend()) {
      return !c.compare(faulty.backend(), reference).failures().isEmpty();
    }
  }
}

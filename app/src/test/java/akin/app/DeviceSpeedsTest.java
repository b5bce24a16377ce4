package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.cpu.CpuBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the doctor times. */
class DeviceSpeedsTest {
  /** The backend, but for convolutions, whose library is missing. */
  private static Backend withoutConvolutions(Backend backend) {
    return (Backend)
        Proxy.newProxyInstance(
            DeviceSpeedsTest.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("conv2d")) {
                throw UserError.of("cuDNN is missing");
              }
              try {
                return method.invoke(backend, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void whatWasMeasuredBeforeAFailureIsKept() {
    List<DeviceSpeeds.Speed> measured = new ArrayList<>();
    try (Backend cpu = new CpuBackend(1)) {
      Backend device = withoutConvolutions(cpu);
      assertThrows(UserError.class, () -> DeviceSpeeds.measure(device, 1, measured::add));
      assertEquals(0, cpu.memory().liveBuffers());
    }
    assertEquals(2, measured.size(), measured::toString);
    assertTrue(measured.get(1).task().startsWith("matrix product"), measured::toString);
  }
}

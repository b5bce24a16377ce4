package akin.cuda.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Backend;
import akin.tensor.backend.BackendProvider;
import akin.tensor.backend.Backends;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimProviderTest {
  @Test
  void isFoundByItsNameAndNeverByItself() {
    try (Backend backend = Backends.open("sim", 1)) {
      assertEquals("sim (PTX machine, sm_75)", backend.name());
    }
    List<String> names = Backends.providers().stream().map(BackendProvider::name).toList();
    assertTrue(names.indexOf("sim") > names.indexOf("reference"), names.toString());
  }
}

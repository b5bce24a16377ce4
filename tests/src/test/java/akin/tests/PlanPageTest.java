package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.backbone.SmallConvNet;
import akin.tensor.Plan;
import akin.tensor.Shape;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lists on the page of plans are those of the network that it names. */
class PlanPageTest {
  @Test
  void listsAreTheNetworks() throws IOException {
    String page = Files.readString(Path.of(System.getProperty("akin.root"), "docs", "plan.md"));
    try (Backend backend = Backends.open("reference", 1);
        SmallConvNet net = new SmallConvNet(new SmallConvNet.Options(3, new int[] {16, 32}, 1))) {
      net.initialise(backend, 1);
      net.eval();
      try (Plan plan = Plan.of(net::apply, backend, Shape.of(1, 3, 64, 64))) {
        assertEquals(plan.traced(), block(page, "before"));
        assertEquals(plan.operators(), block(page, "after"));
      }
    }
  }

  /** Lines of the block of a page that follows the comment {@code <!-- name -->}. */
  private static List<String> block(String page, String name) {
    String rest = page.split("<!-- " + name + " -->\\s*```\\n")[1];
    return rest.substring(0, rest.indexOf("```")).lines().toList();
  }
}

package akin.nn.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.UserError;
import org.junit.jupiter.api.Test;

/** A backbone in one line. */
class ArchitectureIdTest {
  @Test
  void everyBackboneReadsItsOwnLine() {
    for (String name : Backbones.names()) {
      Architecture architecture = Architecture.parse(name);
      assertEquals(name, architecture.id());
      assertEquals(architecture, Architecture.parse(architecture.id()));
    }
    String line = "resnet50 classes=0 last-stride=1 stride-first=true";
    assertEquals(line, Architecture.parse(line).id());
    String added = Architecture.parse("sam_vit_b eps=1e-5 image=224").id();
    assertEquals("sam_vit_b image=224 eps=1.0E-5", added);
    assertEquals(added, Architecture.parse(added).id());
  }

  @Test
  void whatABackboneCannotBeToldIsRefusedByName() {
    assertTrue(message("resnet18 width=0.5").contains("cannot be told its width"));
    assertTrue(message("resnet50 padding=tight").contains("padding is torch or same"));
    assertTrue(message("resnet50 stride=1").contains("there is no option 'stride=1'"));
    assertTrue(
        message("resnet50 classes=-2")
            .contains("classes is a whole number of at least 0, not '-2'"));
    for (String wrong : new String[] {"0", "-1", "1", "NaN", "small"}) {
      assertTrue(
          message("sam_vit_b eps=" + wrong).contains("eps is from 1e-12 to 0.1, not '" + wrong));
    }
    assertTrue(message("resnet50 eps=1e-5").contains("cannot be told its eps"));
    assertTrue(message("resnet_50x").contains("did you mean resnet50"));
  }

  @Test
  void strideOfTheLastStageAndEndAreFreeOfTheWeights() {
    Architecture published = Architecture.parse("resnet50 stride-first=true");
    Architecture used = published.usedAs(Architecture.parse("resnet50 last-stride=1 end=layer3.2"));
    assertEquals("resnet50 last-stride=1 stride-first=true end=layer3.2", used.id());
    assertEquals(used, Architecture.parse(used.id()));
    assertEquals("resnet50 last-stride=1 stride-first=true", used.whole().id());
  }

  private static String message(String line) {
    return assertThrows(UserError.class, () -> Architecture.parse(line)).getMessage();
  }
}

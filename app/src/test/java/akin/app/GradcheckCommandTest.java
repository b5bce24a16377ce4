package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** What {@code akin gradcheck} tells people and scripts. */
class GradcheckCommandTest {
  @Test
  void rightGradientsPass() {
    Cli run = Cli.run("gradcheck", "matmul", "softmax", "--cases", "5", "--json");
    assertEquals(0, run.code(), run.err());
    JsonNode json = run.json();
    assertEquals(2, json.get("operators").asInt(), "MatMul and Softmax");
    assertEquals(0, json.get("losses").asInt());
    assertTrue(json.get("cases").asInt() >= 10 && json.get("cases").asInt() % 5 == 0);
    assertTrue(json.get("worst").asDouble() > 0 && json.get("worst").asDouble() <= 1);
    assertEquals(0, json.get("failures").size());
    assertTrue(json.at("/agreement/worst").asDouble() > 0, run.out());
    assertTrue(run.err().contains("all gradients agree"), run.err());
  }

  @Test
  void wrongGradientFailsThoughEveryDeviceComputesIt() {
    Cli run = Cli.run("gradcheck", "wrong", "relu", "--cases", "5", "--json");
    assertEquals(1, run.code());
    assertEquals(1, run.json().get("failures").size());
    String failure = run.json().get("failures").get(0).asText();
    assertTrue(failure.startsWith("gradient of wrong on purpose"), failure);
    assertTrue(run.json().get("worst").asDouble() > 1);
    assertTrue(run.json().at("/agreement/worst").asDouble() <= 1, "equally wrong everywhere");
    assertTrue(run.err().contains("FAILED  gradient of wrong on purpose"), run.err());
    assertTrue(run.err().contains("1 failed"), run.err());
  }

  @Test
  void referenceAloneIsNotComparedWithItself() {
    Cli run = Cli.run("gradcheck", "relu", "--cases", "2", "--device", "reference", "--json");
    assertEquals(0, run.code(), run.err());
    assertFalse(run.json().has("agreement"), run.out());
  }

  @Test
  void sameSeedSameResultAnotherSeedAnother() {
    String[] once = {"gradcheck", "matmul", "--cases", "3", "--json", "--seed", "7"};
    String first = Cli.run(once).out();
    assertEquals(first, Cli.run(once).out());
    once[once.length - 1] = "8";
    assertFalse(first.equals(Cli.run(once).out()));
  }

  @Test
  void listNamesWhatThereIs() {
    Cli run = Cli.run("gradcheck", "--list", "--json");
    assertEquals(0, run.code());
    assertTrue(run.json().get("operators").size() >= 40, run.out());
    assertTrue(run.err().contains("operator  wrong on purpose"), run.err());
  }

  @Test
  void unknownNamesAndNumbersAreBadUsage() {
    Cli unknown = Cli.run("gradcheck", "matmull");
    assertEquals(2, unknown.code());
    assertEquals("", unknown.out());
    assertTrue(unknown.err().startsWith("akin: matmull: no operator or loss"), unknown.err());
    assertEquals(2, Cli.run("gradcheck", "--cases", "0").code());
    assertEquals(2, Cli.run("gradcheck", "--cases", "x").code());
  }
}

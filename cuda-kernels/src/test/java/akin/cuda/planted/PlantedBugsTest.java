package akin.cuda.planted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.kernel.KernelFile;
import akin.cuda.planted.CaseTable.Use;
import akin.cuda.sim.ptx.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * One mistake of each kind is planted in each kernel where it applies, and all are noticed: by a
 * fault of the PTX machine, or by the backend contract.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("one-jdk")
class PlantedBugsTest {
  private final CaseTable table = CaseTable.read();
  private final Survivors survivors = new Survivors();

  /** How often each kind was noticed in which way. */
  private final Map<Bug, Map<String, Integer>> noticed = new EnumMap<>(Bug.class);

  private final List<String> missed = new ArrayList<>();
  private final List<String> withoutPlace = new ArrayList<>();
  private int planted;

  @BeforeAll
  void plantAll() {
    forEachKernel(
        (file, kernel) -> Arrays.stream(Bug.values()).forEach(b -> plant(file, kernel, b)));
  }

  private interface Visitor {
    void visit(KernelFile file, Function kernel);
  }

  private static void forEachKernel(Visitor visitor) {
    for (KernelFile file : KernelFile.values()) {
      Mutant.committed(file).entries().forEach(kernel -> visitor.visit(file, kernel));
    }
  }

  private void plant(KernelFile file, Function kernel, Bug bug) {
    for (Mutant mutant : Mutant.all(file, kernel, bug)) {
      if (!survivors.has(mutant)) {
        planted++;
        Trial trial = Trial.of(mutant::module, table.of(kernel.name()));
        if (!trial.caught()) {
          missed.add(mutant.toString());
        } else {
          noticed.computeIfAbsent(bug, b -> new TreeMap<>()).merge(trial.how(), 1, Integer::sum);
          if (!trial.tellsWhere()) {
            withoutPlace.add(trial.text());
          }
        }
        return;
      }
    }
  }

  @Test
  void everyPlantedMistakeIsNoticed() {
    assertTrue(planted > 0);
    assertEquals("", String.join("\n", missed));
  }

  @Test
  void everyFaultTellsKernelLineBlockAndThread() {
    assertEquals(List.of(), withoutPlace);
  }

  @Test
  void everyKindIsPlantedSomewhere() {
    assertEquals(Set.of(Bug.values()), noticed.keySet());
  }

  @Test
  void theContractLaunchesEveryKernel() {
    List<String> alone = new ArrayList<>();
    forEachKernel(
        (file, kernel) -> {
          if (table.of(kernel.name()).isEmpty()) {
            alone.add(kernel.name());
          }
        });
    assertEquals(List.of(), alone);
  }

  @Test
  void kernelsThatStrideOverTheGridAreRightWithAnyGrid() {
    forEachKernel(
        (file, kernel) -> {
          List<Use> narrow = table.of(kernel.name()).stream().filter(Use::narrow).toList();
          Trial trial = Trial.of(Mutant::committed, narrow);
          assertEquals("", trial.text(), kernel.name());
        });
  }

  @Test
  void everySurvivorIsOneAndHasItsReason() {
    Set<String> all = new HashSet<>();
    forEachKernel(
        (file, kernel) ->
            Arrays.stream(Bug.values())
                .forEach(b -> Mutant.all(file, kernel, b).forEach(m -> all.add(m.toString()))));
    survivors
        .reasons()
        .forEach(
            (mutant, reason) -> {
              assertTrue(all.contains(mutant), "no longer there: " + mutant);
              assertTrue(!reason.isBlank(), mutant);
            });
  }

  @Test
  void thePageHasTheTable() throws IOException {
    Path page = Path.of(System.getProperty("akin.root"), "docs", "cuda-planted.md");
    if (Boolean.getBoolean("akin.write.planted")) {
      Files.writeString(page, page());
    }
    assertEquals(page(), Files.readString(page));
  }

  private String page() {
    return PlantedPage.of(noticed, survivors.reasons());
  }
}

package akin.tests;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Backend;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house that a machine can check. */
class ArchitectureTest {
  /** Imports run from right to left. */
  private static final List<String> ROOMS = List.of("tensor", "nn", "retrieval", "app");

  private static final int LONGEST_FILE = 600;

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("akin");

  private static final JavaClasses ALL = new ClassFileImporter().importPackages("akin");

  @Test
  void allRoomsAreLookedAt() {
    for (String room : ROOMS) {
      assertTrue(MAIN.stream().anyMatch(c -> c.getPackageName().startsWith("akin." + room)), room);
    }
  }

  @Test
  void importsRunOneWay() {
    for (int i = 0; i < ROOMS.size(); i++) {
      for (String above : ROOMS.subList(i + 1, ROOMS.size())) {
        noClasses()
            .that()
            .resideInAPackage("akin." + ROOMS.get(i) + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("akin." + above + "..")
            .check(MAIN);
      }
    }
  }

  @Test
  void backendsAreFoundByNameNotImported() {
    noClasses()
        .that()
        .resideOutsideOfPackages("akin.tensor.cpu..", "akin.cuda..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("akin.tensor.cpu..", "akin.cuda..")
        .check(MAIN);
  }

  @Test
  void theCudaRoomStandsOnTensorAlone() {
    noClasses()
        .that()
        .resideInAPackage("akin.cuda..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("akin.nn..", "akin.retrieval..", "akin.app..")
        .check(MAIN);
  }

  @Test
  void kernelsDoNotUseCurvesOfTheCompiler() {
    noClasses()
        .that()
        .resideInAPackage("akin..")
        .should()
        .accessFieldWhere(
            targetOwner(name("jdk.incubator.vector.VectorOperators"))
                .and(
                    target(
                        nameMatching(
                            "A?(SIN|COS|TAN)H?|ATAN2|EXP|EXPM1|LOG|LOG10|LOG1P|POW|CBRT|HYPOT"))))
        .because("the interpreter and compiled code differ in the last bits: write polynomials")
        .check(MAIN);
  }

  @Test
  void kernelsDoNotSumLanesInAnOrderOfTheCompiler() {
    noClasses()
        .that()
        .resideInAPackage("akin..")
        .should()
        .callMethodWhere(
            targetOwner(nameMatching("jdk\\.incubator\\.vector\\.(Float|Double)Vector"))
                .and(target(nameMatching("reduceLanes.*"))))
        .because("the order of its sum depends on the compiler: fold halves onto halves")
        .check(MAIN);
  }

  @Test
  void nothingIsReachedByItsNameInAString() {
    noClasses()
        .should()
        .callMethodWhere(
            targetOwner(assignableTo(Class.class))
                .and(target(nameMatching("forName|get(Declared)?(Method|Field)"))))
        .orShould()
        .callMethodWhere(
            targetOwner(assignableTo(ClassLoader.class)).and(target(name("loadClass"))))
        .because("what is pluggable is found by ServiceLoader")
        .check(MAIN);
  }

  @Test
  void randomNumbersComeFromNamedStreams() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.util\\.(Random|SplittableRandom|concurrent\\.ThreadLocalRandom)"
                + "|java\\.util\\.random\\..*|java\\.security\\.SecureRandom")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .because("the same seed must give the same bits")
        .check(MAIN);
  }

  @Test
  void classesAreNamedForWhatTheyDo() {
    noClasses()
        .should()
        .haveNameMatching(".*(Utils?|Helpers?)(\\$.*)?")
        .because("a dumping ground has no idea of its own")
        .check(ALL);
  }

  @Test
  void thePageOnBackendsNamesEveryMethod() throws IOException {
    String page = Files.readString(Path.of(System.getProperty("akin.root"), "docs", "backend.md"));
    List<String> missing =
        Stream.of(Backend.class.getMethods())
            .map(Method::getName)
            .filter(method -> !page.matches("(?s).*\\n\\|[^|]*`" + method + "`.*"))
            .toList();
    assertEquals(List.of(), missing);
  }

  // ---- sources ----

  /** Java files of all rooms, tests included. */
  private static List<Path> sources() throws IOException {
    Path root = Path.of(System.getProperty("akin.root"));
    List<Path> files = new ArrayList<>();
    try (Stream<Path> rooms = Files.list(root)) {
      for (Path source :
          rooms
              .flatMap(
                  room -> Stream.of(room.resolve("src"), room.resolve("target/generated-sources")))
              .filter(Files::isDirectory)
              .toList()) {
        try (Stream<Path> all = Files.walk(source)) {
          all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
        }
      }
    }
    assertTrue(files.size() > 100, "sources under " + root + ": " + files.size());
    return files;
  }

  @Test
  void filesStayShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources()) {
      long lines = Files.readString(file).lines().count();
      if (lines > LONGEST_FILE) {
        tooLong.add(file + ": " + lines + " lines");
      }
    }
    assertEquals(List.of(), tooLong);
  }

  @Test
  void noSeedComesFromTheClock() throws IOException {
    Pattern clocked =
        Pattern.compile(
            "(?i)(RandomStream\\.of\\(|seed)[^;]*(nanoTime|currentTimeMillis|(Instant|Clock)\\.)");
    List<Path> found = new ArrayList<>();
    for (Path file : sources()) {
      boolean self = file.endsWith("ArchitectureTest.java");
      if (!self && clocked.matcher(Files.readString(file)).find()) {
        found.add(file);
      }
    }
    assertEquals(List.of(), found);
  }
}

package akin.cuda.planted;

import akin.cuda.sim.memory.FaultKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The page that tells which planted mistakes were noticed, and how. */
final class PlantedPage {
  private PlantedPage() {}

  /**
   * The page's text.
   *
   * @param noticed how often each kind was noticed in which way
   * @param survivors the reasons of those that cannot be
   */
  static String of(Map<Bug, Map<String, Integer>> noticed, Map<String, String> survivors) {
    List<String> lines = new ArrayList<>();
    int all = noticed.values().stream().mapToInt(PlantedPage::sum).sum();
    lines.add(
        """
        # Planted bugs

        Who checks the checks? `PlantedBugsTest` makes the mistakes that people make in
        kernels, mechanically, in the PTX of every kernel: one of each kind wherever that
        kind can be made, at a place drawn from the kernel's name. Then it runs the cases of
        the backend contract that launch the kernel. A planted bug is noticed by a fault of
        the PTX machine, which names kernel, source line, block and thread, or because the
        contract finds the result wrong. All\
        """
            + " "
            + all
            + """
         are noticed; the right kernels raise no
        alarm in the whole contract (`SimContractTest`), nor when a loop that strides over
        the grid gets one block only.

        | planted bug | kernels | noticed by |
        |---|---:|---|""");
    noticed.forEach(
        (bug, ways) ->
            lines.add("| " + bug.text() + " | " + sum(ways) + " | " + ways(ways) + " |"));
    lines.add(
        """

        ## Places that are left out

        At these places nothing noticed the change, so another place was drawn: most
        change nothing, some stand in copies of a loop that the compiler made for shapes
        which no launch has, and a few are reached only by sizes that no case of the
        contract has. They are listed by kernel, kind and instruction in `survivors.tsv`
        beside the test:

        | reason | places |
        |---|---:|""");
    survivors.values().stream()
        .collect(Collectors.groupingBy(r -> r, TreeMap::new, Collectors.counting()))
        .forEach((reason, count) -> lines.add("| " + reason + " | " + count + " |"));
    lines.add(
        """

        `PlantedBugsTest` compares this page, and writes it with
        `mvn -pl cuda-kernels -am test -Dtest=PlantedBugsTest \
        -Dsurefire.failIfNoSpecifiedTests=false -Dakin.write.planted=true`;
        a new kernel first needs its cases in `cases.tsv`, which the class `CaseTable` writes.
        `Sweep first` goes on until a place is noticed, and tells of those before it whether a
        case reaches them; `Sweep every` plants at every place. Once everything is built,

        ```
        java --add-modules jdk.incubator.vector -cp "cuda-kernels/target/test-classes:app/target/lib/*" \\
          akin.cuda.planted.Sweep first reduce
        ```

        does so in `reduce.cu`.""");
    return String.join("\n", lines) + "\n";
  }

  private static int sum(Map<String, Integer> ways) {
    return ways.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static String ways(Map<String, Integer> ways) {
    return ways.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(way -> name(way.getKey()) + " " + way.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String name(String how) {
    return Arrays.stream(FaultKind.values())
        .filter(kind -> kind.name().equals(how))
        .map(FaultKind::toString)
        .findAny()
        .orElse("wrong result");
  }
}

package akin.tensor.check;

import akin.tensor.UserError;
import akin.tensor.op.CustomOp;
import akin.tensor.op.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;

/** Every generator there is: of this room's operators, and what {@link CaseProvider}s bring. */
public final class Cases {
  private Cases() {}

  /** All generators, operators first; their names are unique. */
  public static List<CaseGenerator> all() {
    List<CaseGenerator> all = new ArrayList<>();
    all.addAll(ElementCases.all());
    all.addAll(RowCases.all());
    all.addAll(AlgebraCases.all());
    all.addAll(PictureCases.all());
    all.addAll(ArrangeCases.all());
    ServiceLoader.load(CaseProvider.class).forEach(brought -> all.addAll(brought.generators()));
    Map<String, CaseGenerator> byName = new LinkedHashMap<>();
    for (CaseGenerator generator : all) {
      if (byName.put(generator.name(), generator) != null) {
        throw new IllegalStateException("two generators are named " + generator.name());
      }
    }
    all.sort(java.util.Comparator.comparing(CaseGenerator::isLoss));
    return all;
  }

  /**
   * The generators whose name begins with one of {@code names}, or whose operator or loss is named
   * so; all if none is given. Upper and lower case are the same.
   *
   * @throws UserError if a name leads to none
   */
  public static List<CaseGenerator> named(List<String> names) {
    List<CaseGenerator> all = all();
    Set<CaseGenerator> chosen = new LinkedHashSet<>(names.isEmpty() ? all : List.of());
    for (String name : names) {
      List<CaseGenerator> found = all.stream().filter(g -> matches(g, name)).toList();
      if (found.isEmpty()) {
        throw UserError.of("no operator or loss is named so")
            .at(name)
            .rule("one of " + String.join("; ", all.stream().map(CaseGenerator::name).toList()))
            .mend("the beginning of a name is enough, without regard to case");
      }
      chosen.addAll(found);
    }
    return List.copyOf(chosen);
  }

  private static boolean matches(CaseGenerator generator, String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return generator.name().toLowerCase(Locale.ROOT).startsWith(wanted)
        || generator.subject().getSimpleName().toLowerCase(Locale.ROOT).equals(wanted);
  }

  /** Every operator: the permitted records of {@link Op}, and CustomOps that have cases. */
  public static Set<Class<?>> operators() {
    Set<Class<?>> operators = new LinkedHashSet<>(Arrays.asList(Op.class.getPermittedSubclasses()));
    operators.remove(CustomOp.class);
    for (CaseGenerator generator : all()) {
      if (!generator.isLoss()) {
        operators.add(generator.subject());
      }
    }
    return operators;
  }

  /** Operators without a generator: there must be none. */
  public static List<Class<?>> operatorsWithoutCases() {
    Set<Class<?>> without = operators();
    all().forEach(generator -> without.remove(generator.subject()));
    return List.copyOf(without);
  }
}

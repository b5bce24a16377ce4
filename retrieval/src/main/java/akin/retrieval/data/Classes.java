package akin.retrieval.data;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The classes of a list, numbered from 0 in the order of their names: by value if all of them are
 * whole numbers, however large, else as texts.
 *
 * @param names the classes
 * @param labels the class of each row; −1 where its name was empty
 */
record Classes(List<String> names, int[] labels) {
  private static final Comparator<String> BY_VALUE =
      Comparator.comparing((String name) -> significant(name).length())
          .thenComparing(Classes::significant)
          .thenComparing(Comparator.naturalOrder());

  /** Numbers the classes that occur. */
  static Classes of(List<String> rows) {
    TreeSet<String> texts = new TreeSet<>(rows);
    texts.remove("");
    boolean numbers = texts.stream().allMatch(name -> name.matches("[0-9]+"));
    List<String> names = numbers ? texts.stream().sorted(BY_VALUE).toList() : List.copyOf(texts);
    Map<String, Integer> number = new HashMap<>();
    names.forEach(name -> number.put(name, number.size()));
    return new Classes(
        names, rows.stream().mapToInt(name -> number.getOrDefault(name, -1)).toArray());
  }

  private static String significant(String digits) {
    return digits.replaceFirst("^0+(?=.)", "");
  }
}

package akin.tensor;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what a mistyped name may have meant. */
public final class NearestName {
  private static final int MOST = 3;
  private static final int LISTED = 12;

  private NearestName() {}

  /**
   * Up to three known names that are near the word, nearest first, equally near ones in the given
   * order. Upper and lower case, blanks, {@code _} and {@code -} do not count. Near means: at most
   * one letter in three (but at least two) inserted, deleted or replaced, or one contains the
   * other.
   */
  public static List<String> of(String word, Collection<String> known) {
    String plain = plain(word);
    int limit = Math.max(2, plain.length() / 3);
    return known.stream()
        .filter(name -> distance(plain, plain(name)) <= limit)
        .sorted(Comparator.comparingInt(name -> distance(plain, plain(name))))
        .limit(MOST)
        .toList();
  }

  /** The mend of an unknown name: the names that are near it, or else the names that there are. */
  public static String hint(String word, Collection<String> known) {
    List<String> near = of(word, known);
    if (!near.isEmpty()) {
      return "did you mean " + String.join(" or ", near) + "?";
    }
    String some = String.join(", ", known.stream().limit(LISTED).toList());
    return "known names: " + some + (known.size() > LISTED ? " … (" + known.size() + ")" : "");
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
  }

  /** Levenshtein's distance; 1 where one name contains the other, of three letters or more. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    boolean contains = Math.min(a.length(), b.length()) >= 3 && (a.contains(b) || b.contains(a));
    return contains ? Math.min(1, row[b.length()]) : row[b.length()];
  }
}

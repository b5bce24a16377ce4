package akin.retrieval.model;

import akin.retrieval.data.Attributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The different attribute vectors of the training pictures and how often each occurs: what a
 * partial query is completed from.
 *
 * @param table the different vectors, in order of their first picture
 * @param counts how many training pictures have each
 */
public record QueryVectors(Attributes table, long[] counts) {
  /** The vectors of these pictures. */
  public static QueryVectors of(Attributes pictures) {
    int width = pictures.count();
    Map<String, Integer> first = new LinkedHashMap<>();
    List<Integer> rows = new ArrayList<>();
    long[] counts = new long[pictures.rows()];
    for (int i = 0; i < pictures.rows(); i++) {
      byte[] row = Arrays.copyOfRange(pictures.bits(), i * width, (i + 1) * width);
      int at = first.computeIfAbsent(Arrays.toString(row), k -> first.size());
      if (at == rows.size()) {
        rows.add(i);
      }
      counts[at]++;
    }
    int[] chosen = rows.stream().mapToInt(Integer::intValue).toArray();
    return new QueryVectors(pictures.select(chosen), Arrays.copyOf(counts, chosen.length));
  }

  /** Vectors that have everything wanted and nothing unwanted. */
  public int[] satisfying(boolean[] wanted, boolean[] unwanted) {
    return IntStream.range(0, table.rows())
        .filter(
            i ->
                IntStream.range(0, table.count())
                    .allMatch(a -> table.has(i, a) ? !unwanted[a] : !wanted[a]))
        .toArray();
  }
}

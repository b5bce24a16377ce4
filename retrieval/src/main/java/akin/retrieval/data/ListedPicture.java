package akin.retrieval.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a list says of one picture.
 *
 * @param list the file, for messages
 * @param line where in it, from 1
 * @param path relative to the list's pictures
 * @param label name of the class; empty if it has none
 * @param split ALL if the list does not say
 * @param attributes the names of those that hold
 * @param groups by what it is put together with others; nothing where the list does not say
 * @param query whether it is asked in an evaluation; null if the list does not say
 * @param gallery whether it may be an answer; null likewise
 * @param box the part of the picture that is meant; null for the whole
 */
record ListedPicture(
    Path list,
    long line,
    String path,
    String label,
    Split split,
    List<String> attributes,
    Map<Grouping, String> groups,
    Boolean query,
    Boolean gallery,
    Box box) {

  /** A picture of a class, of which no more is known. */
  static ListedPicture of(Path list, long line, String path, String label, Split split) {
    return new ListedPicture(list, line, path, label, split, List.of(), Map.of(), null, null, null);
  }

  /** The same in a category. */
  ListedPicture in(String category) {
    return new ListedPicture(
        list,
        line,
        path,
        label,
        split,
        attributes,
        Map.of(Grouping.CATEGORY, category),
        query,
        gallery,
        box);
  }

  /** What tells it from the others: several boxes of one picture are different pictures. */
  String id() {
    return box == null ? path : path + "#" + box;
  }
}

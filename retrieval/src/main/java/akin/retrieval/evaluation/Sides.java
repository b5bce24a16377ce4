package akin.retrieval.evaluation;

import akin.retrieval.data.Dataset;
import akin.retrieval.data.Grouping;
import akin.retrieval.data.Groups;
import akin.retrieval.data.Roles;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The pictures that ask and those that are searched. A picture is never its own answer. Classes are
 * matched by name, so the two may come from different data sets.
 *
 * @param queries the pictures that ask
 * @param gallery the pictures that are searched
 * @param leftOut for each query the rows of the gallery that are no answers to it, ascending: the
 *     query itself, and where the data set tells sequences, all of its own
 */
public record Sides(Dataset queries, Dataset gallery, int[][] leftOut) {
  /**
   * A data set as it says: with {@link Roles}, the pictures that ask and those that answer;
   * without, every picture asks for all others.
   */
  public static Sides within(Dataset pictures) {
    int[] all = IntStream.range(0, pictures.size()).toArray();
    Optional<Roles> roles = pictures.roles();
    boolean plain =
        roles.isEmpty()
            || IntStream.of(all).allMatch(i -> roles.get().isQuery(i) && roles.get().isGallery(i));
    return plain
        ? new Sides(pictures, pictures, leftOut(pictures, all, all))
        : of(pictures, roles.get().queries(), roles.get().galleries());
  }

  /**
   * Some pictures of a data set ask for some, perhaps the same ones.
   *
   * @param asking numbers of the data set's pictures
   * @param searched likewise
   */
  public static Sides of(Dataset all, int[] asking, int[] searched) {
    return new Sides(all.subset(asking), all.subset(searched), leftOut(all, asking, searched));
  }

  private static int[][] leftOut(Dataset all, int[] asking, int[] searched) {
    Optional<Groups> sequences = all.groups(Grouping.SEQUENCE);
    Map<Integer, Integer> rows = new HashMap<>();
    Map<Integer, List<Integer>> bySequence = new HashMap<>();
    for (int row = 0; row < searched.length; row++) {
      rows.put(searched[row], row);
      int sequence = sequences.isEmpty() ? -1 : sequences.get().of(searched[row]);
      if (sequence >= 0) {
        bySequence.computeIfAbsent(sequence, s -> new ArrayList<>()).add(row);
      }
    }
    int[][] leftOut = new int[asking.length][];
    for (int q = 0; q < asking.length; q++) {
      int sequence = sequences.isEmpty() ? -1 : sequences.get().of(asking[q]);
      IntStream own =
          rows.containsKey(asking[q]) ? IntStream.of(rows.get(asking[q])) : IntStream.empty();
      IntStream beside = bySequence.getOrDefault(sequence, List.of()).stream().mapToInt(row -> row);
      leftOut[q] = IntStream.concat(own, beside).sorted().distinct().toArray();
    }
    return leftOut;
  }

  /** The pictures of one data set ask for those of another. */
  public static Sides across(Dataset queries, Dataset gallery) {
    return new Sides(queries, gallery, new int[queries.size()][0]);
  }

  /** Whether every picture asks for all others. */
  public boolean oneVersusRest() {
    return queries == gallery;
  }

  /** The names of the classes: the gallery's, then those that only the queries have. */
  public List<String> classNames() {
    Map<String, Integer> names = new LinkedHashMap<>();
    gallery.classNames().forEach(name -> names.put(name, names.size()));
    queries.classNames().forEach(name -> names.putIfAbsent(name, names.size()));
    return List.copyOf(names.keySet());
  }

  /** The class of each query, an index into {@link #classNames}; −1 without. */
  public int[] queryClasses() {
    return classes(queries);
  }

  /** The class of each row of the gallery, likewise. */
  public int[] galleryClasses() {
    return classes(gallery);
  }

  private int[] classes(Dataset pictures) {
    List<String> names = classNames();
    Map<String, Integer> number = new HashMap<>();
    names.forEach(name -> number.put(name, number.size()));
    int[] common =
        pictures.classNames().stream().mapToInt(name -> number.getOrDefault(name, -1)).toArray();
    return IntStream.range(0, pictures.size())
        .map(pictures::label)
        .map(label -> label < 0 ? -1 : common[label])
        .toArray();
  }

  /** What is relevant: the pictures of the query's class, but itself. */
  Judgement judgement() {
    return Judgement.ofClasses(queryClasses(), galleryClasses(), query -> leftOut[query]);
  }

  /**
   * Refuses sides on which nothing can be measured.
   *
   * @throws UserError if one is empty, classes are missing or have no name in common, or no query
   *     has a picture to find
   */
  public void require() {
    for (Dataset side : List.of(queries, gallery)) {
      String what = side == gallery ? "gallery" : "queries";
      if (side.size() == 0) {
        throw UserError.of(side == gallery ? "the gallery is empty" : "there are no queries")
            .at(side.name())
            .rule("at least one picture asks, and at least one is searched")
            .mend("choose other parts: --split, --queries, --gallery");
      }
      if (IntStream.range(0, side.size()).allMatch(i -> side.label(i) < 0)) {
        throw UserError.of("the pictures have no classes to judge by")
            .at(side.name() + (queries == gallery ? "" : ", " + what))
            .rule("pictures are relevant to each other where their classes are the same")
            .mend("evaluate on a data set with classes; for attributes, train heads first");
      }
    }
    int[] searched = galleryClasses();
    boolean[] there = new boolean[classNames().size()];
    IntStream.of(searched).filter(c -> c >= 0).forEach(c -> there[c] = true);
    if (IntStream.of(queryClasses()).noneMatch(c -> c >= 0 && there[c])) {
      throw UserError.of("no class of the queries is in the gallery")
          .at(queries.name() + " against " + gallery.name())
          .rule(
              "classes are matched by name; the queries have "
                  + some(queries.classNames())
                  + "; the gallery has "
                  + some(gallery.classNames()))
          .mend("give both sides the same names for the same classes");
    }
    Judgement judgement = judgement();
    if (IntStream.range(0, queries.size()).allMatch(q -> judgement.count(q) == 0)) {
      throw UserError.of("no query has a picture to find")
          .at(queries.name() + (oneVersusRest() ? "" : " against " + gallery.name()))
          .rule(
              "a picture of the query's class that is not the query itself, nor of its sequence,"
                  + " is in the gallery")
          .mend("choose parts with several pictures of a class: --split, --queries, --gallery");
    }
  }

  private static String some(List<String> names) {
    int shown = Math.min(3, names.size());
    return String.join(", ", names.subList(0, shown)) + (names.size() > shown ? ", …" : "");
  }
}

package akin.retrieval.search;

import akin.retrieval.Answers;
import akin.retrieval.Index;
import akin.retrieval.RowSet;
import akin.retrieval.data.Image;
import akin.retrieval.query.Query;
import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers queries from a run's gallery. Pictures that a query names are never among its answers.
 */
public final class Search {
  private final Run run;
  private final Gallery gallery;
  private final QueryEmbedder embedder;
  private final RowSet among;

  /**
   * One answer.
   *
   * @param rank from 1
   * @param relevant whether it satisfies the query; null if that cannot be said
   */
  public record Hit(int rank, String id, int row, double distance, Boolean relevant) {}

  /**
   * The answers to a query.
   *
   * @param relevantInGallery how many of the pictures searched satisfy the query, named ones not
   *     counted; −1 if that cannot be said
   */
  public record Answer(Query query, int relevantInGallery, List<Hit> hits) {
    /** Share of the hits that are relevant, of the k asked for; NaN if that cannot be said. */
    public double precision() {
      return relevantInGallery < 0
          ? Double.NaN
          : (double) hits.stream().filter(Hit::relevant).count() / hits.size();
    }
  }

  /**
   * Searches the gallery of a run.
   *
   * @param where only pictures that satisfy it are answers; null for all pictures
   * @throws UserError if {@code where} says anything but + and − attributes
   */
  public Search(Run run, Gallery gallery, QueryForm form, Query where) {
    this.run = run;
    this.gallery = gallery;
    embedder = run.queries(form);
    if (where != null && where.attributes().size() < where.terms().size()
        || where != null
            && where.attributes().stream().anyMatch(a -> a.sign() == Query.Sign.RATHER)) {
      throw UserError.of("a picture is among those searched or not")
          .at("--where \"" + where + "\"")
          .rule("attributes with + and -, such as \"+Male -Smiling\"")
          .mend("say in the query what the pictures shall be like");
    }
    among =
        RowSet.of(
            gallery.index().size(),
            row -> where == null || where.satisfiedBy(gallery.attributes(), row));
  }

  /** Reads a query of this run's attributes. */
  public Query parse(String text) {
    List<String> names = run.attributes() ? run.model().vectors().table().names() : List.of();
    return Query.parse(text, names);
  }

  /**
   * The k nearest pictures.
   *
   * @throws UserError if a picture cannot be found, or k is larger than the gallery
   */
  public Answer ask(Query query, int k) {
    Set<Integer> named = new HashSet<>();
    Map<String, float[]> pictures = new HashMap<>();
    List<String> labels = new ArrayList<>();
    for (Query.Image image : query.images()) {
      pictures.put(image.image(), picture(image.image(), named, labels));
    }
    float[] vector = embedder.embed(query, pictures::get);
    Index index = gallery.index();
    RowSet allowed = among.without(named);
    if (k > allowed.size()) {
      throw UserError.of("there are not that many pictures to answer with")
          .at("-k " + k)
          .rule(
              "k ≤ "
                  + allowed.size()
                  + ", the pictures of the gallery"
                  + (among.size() < index.size() ? " that satisfy --where" : "")
                  + (named.isEmpty() ? "" : " without those that the query names"))
          .mend("ask for fewer");
    }
    Answers answers = index.search(vector, 1, k, allowed);
    boolean judged = query.requiresAttributes() || !labels.isEmpty();
    List<Hit> hits = new ArrayList<>();
    for (int place = 0; place < k; place++) {
      int row = answers.row(0, place);
      hits.add(
          new Hit(
              place + 1,
              index.id(row),
              row,
              answers.distance(0, place),
              judged ? relevant(query, labels, row) : null));
    }
    int relevant = judged ? 0 : -1;
    for (int row = 0; judged && row < index.size(); row++) {
      relevant += allowed.contains(row) && relevant(query, labels, row) ? 1 : 0;
    }
    return new Answer(query, relevant, hits);
  }

  /** By attributes if the query requires any, else by the class of the pictures that it names. */
  private boolean relevant(Query query, List<String> labels, int row) {
    return query.requiresAttributes()
        ? query.satisfiedBy(gallery.attributes(), row)
        : labels.contains(gallery.labels().get(row));
  }

  /** A picture of the gallery by its id, or any other by its file. */
  private float[] picture(String name, Set<Integer> named, List<String> labels) {
    Index index = gallery.index();
    int row = index.row(name);
    if (row < 0 && Files.isRegularFile(Path.of(name))) {
      float[] embedding = run.embedder().embed(Image.decode(Path.of(name)));
      for (int i = 0; i < index.size(); i++) {
        boolean same =
            index.id(i).equals(Path.of(name).getFileName().toString())
                || Arrays.equals(index.embedding(i), embedding);
        if (same) {
          named.add(i);
        }
      }
      return embedding;
    }
    if (row < 0) {
      throw UserError.of("no such picture")
          .at("like:" + name)
          .rule("an id of the gallery, such as " + index.id(0) + ", or a picture's file")
          .mend("check the name, or give the file's whole path");
    }
    named.add(row);
    if (!gallery.labels().get(row).isEmpty()) {
      labels.add(gallery.labels().get(row));
    }
    return index.embedding(row);
  }
}

package akin.retrieval.query;

import akin.retrieval.data.Attributes;
import akin.tensor.UserError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to look for: terms, separated by blanks.
 *
 * <pre>
 * +Smiling        must have the attribute; "Smiling" alone means the same
 * -Eyeglasses     must not have it
 * ~Young          rather with it, though nothing is required; ~Young*-1 rather without
 * like:photo.jpg  like that picture; like:photo.jpg*-1 unlike it
 * </pre>
 *
 * <p>Each term may end in {@code *} and a weight, 1 if there is none: {@code ~Young*0.5}, {@code
 * like:photo.jpg*2}. The query vector is the normalised sum of the terms' vectors, each times its
 * {@link Term#factor}. Weights of + and − are not negative. What holds a blank, a {@code *} or a
 * quotation mark stands in quotation marks: {@code like:"my photo.jpg"*2}; inside, {@code \"} and
 * {@code \\} stand for {@code "} and {@code \}.
 *
 * <p>A sign belongs to the language, never to a name: {@code No_Beard} is a name like any other,
 * and {@code -No_Beard} asks for bearded faces.
 *
 * <p>A picture is <em>relevant</em> if it satisfies the query: every + attribute holds and no −
 * attribute does. The other terms and all weights only shape the order.
 *
 * @param terms at least one
 */
public record Query(List<Term> terms) {

  /** One part of a query. */
  public sealed interface Term {
    /** By what the term's vector is multiplied in the query vector. */
    double factor();
  }

  /** What a term says of its attribute. */
  public enum Sign {
    /** It must hold. */
    WITH('+'),
    /** It must not hold. */
    WITHOUT('-'),
    /** Rather with it. */
    RATHER('~');

    final char symbol;

    Sign(char symbol) {
      this.symbol = symbol;
    }
  }

  /**
   * A term about an attribute.
   *
   * @param index its column in the data set's attributes
   * @param name its name there
   * @param weight finite; not negative unless the sign is {@link Sign#RATHER}
   */
  public record Attribute(Sign sign, int index, String name, double weight) implements Term {
    /** Checks the weight; −0 becomes 0. */
    public Attribute {
      weight += 0.0;
      if (!Double.isFinite(weight) || weight < 0 && sign != Sign.RATHER) {
        throw new IllegalArgumentException(sign + " " + name + " with weight " + weight);
      }
    }

    @Override
    public double factor() {
      return sign == Sign.WITHOUT ? 0.0 - weight : weight;
    }

    @Override
    public String toString() {
      return sign.symbol + quoted(name) + suffix(weight);
    }
  }

  /**
   * A term about a picture.
   *
   * @param image its file, or its id in the gallery
   * @param weight finite
   */
  public record Image(String image, double weight) implements Term {
    /** Checks the weight; −0 becomes 0. */
    public Image {
      weight += 0.0;
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException(image + " with weight " + weight);
      }
    }

    @Override
    public double factor() {
      return weight;
    }

    @Override
    public String toString() {
      return "like:" + quoted(image) + suffix(weight);
    }
  }

  /**
   * Checks the terms.
   *
   * @throws UserError if there is none, or an attribute must hold and must not
   */
  public Query {
    terms = List.copyOf(terms);
    if (terms.isEmpty()) {
      throw UserError.of("the query is empty")
          .mend("name an attribute, as in \"+Smiling\", or a picture, as in \"like:photo.jpg\"");
    }
    Set<Integer> with = new HashSet<>();
    for (Attribute attribute : attributes(terms)) {
      if (attribute.sign == Sign.WITH) {
        with.add(attribute.index);
      }
    }
    for (Attribute attribute : attributes(terms)) {
      if (attribute.sign == Sign.WITHOUT && with.contains(attribute.index)) {
        throw UserError.of("the query asks for pictures with and without " + attribute.name)
            .at("query \"" + text(terms) + "\"")
            .mend("leave out one of the two");
      }
    }
  }

  /**
   * Reads a query.
   *
   * @param names the attributes of the data set, in its order
   * @throws UserError if it is no query, or names an unknown attribute; the message tells the
   *     position, counted from 1
   */
  public static Query parse(String text, List<String> names) {
    return new QueryParser(text, names, "query \"" + text + "\"").parse();
  }

  /** The terms about attributes. */
  public List<Attribute> attributes() {
    return attributes(terms);
  }

  /** The terms about pictures. */
  public List<Image> images() {
    return terms.stream().filter(Image.class::isInstance).map(Image.class::cast).toList();
  }

  /**
   * Whether any attribute is required. If not, every picture satisfies the query and precision says
   * nothing.
   */
  public boolean requiresAttributes() {
    // Asked for every row of a gallery, as satisfiedBy is: no stream.
    for (Term term : terms) {
      if (term instanceof Attribute attribute && attribute.sign != Sign.RATHER) {
        return true;
      }
    }
    return false;
  }

  /** Whether the picture of that row is relevant: every + attribute holds and no − one does. */
  public boolean satisfiedBy(Attributes table, int row) {
    for (Term term : terms) {
      if (term instanceof Attribute attribute
          && attribute.sign != Sign.RATHER
          && table.has(row, attribute.index) != (attribute.sign == Sign.WITH)) {
        return false;
      }
    }
    return true;
  }

  /** The query in the language, to be read back to an equal one. */
  @Override
  public String toString() {
    return text(terms);
  }

  private static String text(List<Term> terms) {
    return terms.stream().map(Term::toString).collect(Collectors.joining(" "));
  }

  private static List<Attribute> attributes(List<Term> terms) {
    return terms.stream().filter(Attribute.class::isInstance).map(Attribute.class::cast).toList();
  }

  private static String quoted(String name) {
    boolean plain =
        !name.isEmpty()
            && name.chars().noneMatch(c -> Character.isWhitespace(c) || c == '"' || c == '*');
    return plain ? name : '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String suffix(double weight) {
    if (weight == 1) {
      return "";
    }
    // Doubles below 2^53 that are whole print without ".0".
    boolean whole = weight == Math.rint(weight) && Math.abs(weight) < 0x1p53;
    return "*" + (whole ? Long.toString((long) weight) : Double.toString(weight));
  }
}

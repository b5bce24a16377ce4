package akin.retrieval.query;

import akin.retrieval.query.Query.Sign;
import akin.retrieval.query.Query.Term;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads one query, character by character. */
final class QueryParser {
  private static final String LIKE = "like:";
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?");

  private final String text;
  private final List<String> names;
  private final String place;
  private int at;

  /** The place stands before the position in messages. */
  QueryParser(String text, List<String> names, String place) {
    this.text = text;
    this.names = names;
    this.place = place;
  }

  Query parse() {
    List<Term> terms = new ArrayList<>();
    for (skipBlanks(); at < text.length(); skipBlanks()) {
      terms.add(term());
    }
    return new Query(terms);
  }

  private Term term() {
    int start = at;
    if (text.startsWith(LIKE, at)) {
      at += LIKE.length();
      return new Query.Image(name(start, "a picture's file"), weight());
    }
    Sign sign = Sign.WITH;
    for (Sign candidate : Sign.values()) {
      if (text.charAt(start) == candidate.symbol) {
        sign = candidate;
        at = start + 1;
      }
    }
    int nameStart = at;
    String name = name(start, "an attribute's name");
    int index = names.indexOf(name);
    if (index < 0) {
      throw fault("unknown attribute '" + name + "'", nameStart)
          .mend(NearestName.hint(name, names));
    }
    int weightStart = at;
    double weight = weight();
    if (weight < 0 && sign != Sign.RATHER) {
      throw fault("a weight below 0 contradicts the sign " + sign.symbol, weightStart)
          .rule("+ and − require something; only ~ and like: take a weight below 0")
          .mend("turn the sign, or write ~" + name);
    }
    return new Query.Attribute(sign, index, name, weight);
  }

  /** Reads a name, up to its weight, a blank or the end; or what stands in quotation marks. */
  private String name(int start, String what) {
    String name = at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
    if (name.isEmpty()) {
      throw fault("a name is missing", start).rule("here stands " + what);
    }
    return name;
  }

  private String plain() {
    int start = at;
    while (at < text.length() && text.charAt(at) != '*' && !atBlank()) {
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() {
    int start = at++;
    StringBuilder name = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      boolean escape =
          text.charAt(at) == '\\'
              && at + 1 < text.length()
              && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\');
      at += escape ? 1 : 0;
      name.append(text.charAt(at++));
    }
    if (at == text.length()) {
      throw fault("a quotation mark is not closed", start);
    }
    at++;
    if (at < text.length() && text.charAt(at) != '*' && !atBlank()) {
      throw fault("a blank or a weight must follow the quotation mark", at);
    }
    return name.toString();
  }

  private double weight() {
    if (at == text.length() || atBlank()) {
      return 1;
    }
    int start = ++at;
    while (at < text.length() && !atBlank()) {
      at++;
    }
    String number = text.substring(start, at);
    if (!NUMBER.matcher(number).matches() || !Double.isFinite(Double.parseDouble(number))) {
      throw fault("the weight '" + number + "' is not a number", start)
          .rule("after * stands a number, as in ~Young*0.5")
          .mend("a name that holds a * stands in quotation marks");
    }
    return Double.parseDouble(number);
  }

  private void skipBlanks() {
    while (at < text.length() && atBlank()) {
      at++;
    }
  }

  private boolean atBlank() {
    return Character.isWhitespace(text.charAt(at));
  }

  private UserError fault(String what, int position) {
    return UserError.of(what).at(place + ", position " + (position + 1));
  }
}

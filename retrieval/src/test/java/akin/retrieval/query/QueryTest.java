package akin.retrieval.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Attributes;
import akin.retrieval.query.Query.Attribute;
import akin.retrieval.query.Query.Image;
import akin.retrieval.query.Query.Sign;
import akin.retrieval.query.Query.Term;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The query language: what it means, that it reads what it writes, and how it refuses. */
class QueryTest {
  private static final List<String> NAMES =
      List.of("Smiling", "Eyeglasses", "Young", "No_Beard", "5_o_Clock_Shadow", "Pale Skin", "a*b");

  @Test
  void theExamplesOfTheLanguage() {
    assertEquals(
        List.of(
            new Attribute(Sign.WITH, 0, "Smiling", 1),
            new Attribute(Sign.WITHOUT, 1, "Eyeglasses", 1),
            new Attribute(Sign.RATHER, 2, "Young", 0.5)),
        parse("+Smiling -Eyeglasses ~Young*0.5").terms());
    assertEquals(List.of(new Image("photo.jpg", 1)), parse("like:photo.jpg").terms());
    assertEquals(
        List.of(new Image("photo.jpg", 2), new Attribute(Sign.WITH, 0, "Smiling", 0.5)),
        parse("like:photo.jpg*2 +Smiling*0.5").terms());
    assertEquals(
        List.of(new Image("my photo.jpg", -0.5)), parse("like:\"my photo.jpg\"*-.5").terms());
    assertEquals(List.of(new Image("C:\\faces\\1.jpg", 1)), parse("like:C:\\faces\\1.jpg").terms());
    assertEquals(
        List.of(new Image("a\"b\\c\\d.jpg", 1)), parse("like:\"a\\\"b\\\\c\\d.jpg\"").terms());
    assertEquals(parse("+Smiling"), parse("\t Smiling  "));
    assertEquals(5, parse("+\"Pale Skin\"*1e-2").attributes().get(0).index());
    assertEquals(6, parse("\"a*b\"").attributes().get(0).index());
  }

  @Test
  void aTermsFactorCarriesItsSign() {
    assertEquals(2, parse("+Smiling*2").terms().get(0).factor());
    assertEquals(-2, parse("-Smiling*2").terms().get(0).factor());
    assertEquals(-2, parse("~Smiling*-2").terms().get(0).factor());
    assertEquals(-2, parse("like:a*-2").terms().get(0).factor());
  }

  @ParameterizedTest
  @CsvSource({
    // The pictures below that satisfy the query. Columns: Smiling, Eyeglasses, Young, No_Beard.
    "+Smiling, 1 3",
    "-Smiling, 0 2",
    "+Smiling -Eyeglasses, 1",
    "+Smiling*0 ~Young, 1 3",
    "~Young*0.5, 0 1 2 3",
    "like:x.jpg, 0 1 2 3",
    "-No_Beard, 0 3",
    "+Smiling +Eyeglasses +Young +No_Beard, ''",
  })
  void relevanceIsEveryPlusAndNoMinus(String query, String expected) {
    byte[] bits = new byte[4 * NAMES.size()];
    String[] rows = {"0000", "1011", "0101", "1110"};
    List<Integer> satisfied = new ArrayList<>();
    for (int row = 0; row < rows.length; row++) {
      for (int a = 0; a < 4; a++) {
        bits[row * NAMES.size() + a] = (byte) (rows[row].charAt(a) - '0');
      }
    }
    Attributes table = new Attributes(NAMES, bits);
    for (int row = 0; row < rows.length; row++) {
      if (parse(query).satisfiedBy(table, row)) {
        satisfied.add(row);
      }
    }
    assertEquals(
        expected, String.join(" ", satisfied.stream().map(i -> Integer.toString(i)).toList()));
  }

  @Test
  void aQueryWithoutRequirementsSaysSo() {
    assertFalse(parse("like:x.jpg ~Young").requiresAttributes());
    assertTrue(parse("like:x.jpg -Young").requiresAttributes());
  }

  @Test
  void theTextIsShort() {
    assertEquals("+Smiling", parse("Smiling*1.0").toString());
    assertEquals("~Young*2 like:\"a b\"*0.25", parse(" ~Young*2.0  like:\"a b\"*.25").toString());
    assertEquals("+5_o_Clock_Shadow", parse("5_o_Clock_Shadow").toString());
    assertEquals("~Young*0", parse("~Young*-0").toString());
  }

  @Property(seed = "1")
  void aQueryIsReadBackAsItWasWritten(@ForAll("queries") Query query) {
    assertEquals(query, parse(query.toString()));
    assertEquals(query.toString(), parse(query.toString()).toString());
  }

  @Property(seed = "1")
  void anyTextIsAQueryOrAUserError(@ForAll("texts") String text) {
    Query query;
    try {
      query = parse(text);
    } catch (UserError expected) {
      assertFalse(expected.getMessage().isBlank());
      return;
    }
    assertEquals(query, parse(query.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "+Smiling -Eyeglases | 11 | unknown attribute 'Eyeglases' | did you mean Eyeglasses?",
        "~~Young | 2 | unknown attribute '~Young' | did you mean Young?",
        "+Smiling~Young | 2 | unknown attribute 'Smiling~Young' | ?",
        "+No Beard | 2 | unknown attribute 'No' | known names: Smiling",
        "+ Smiling | 1 | a name is missing | an attribute",
        "Young like: | 7 | a name is missing | a picture",
        "+*2 | 1 | a name is missing | an attribute",
        "like:\"\" | 1 | a name is missing | a picture",
        "~Young*x | 8 | the weight 'x' is not a number | 0.5",
        "~Young* | 8 | the weight '' is not a number | 0.5",
        "~Young*1*2 | 8 | the weight '1*2' is not a number | quotation marks",
        "~Young*NaN | 8 | the weight 'NaN' is not a number | 0.5",
        "~Young*1e999 | 8 | the weight '1e999' is not a number | 0.5",
        "~Young*0x1p3 | 8 | the weight '0x1p3' is not a number | 0.5",
        "+Young*-1 | 7 | a weight below 0 contradicts the sign + | ~Young",
        "-Young*-1 | 7 | a weight below 0 contradicts the sign - | ~Young",
        "like:\"a b | 6 | a quotation mark is not closed | position",
        "like:\"a\"b | 9 | a blank or a weight must follow | position",
      })
  void aFaultIsToldWithItsPosition(String text, int position, String what, String hint) {
    String message = assertThrows(UserError.class, () -> parse(text)).getMessage();
    String place = "query \"" + text + "\", position " + position + ": ";
    assertTrue(message.startsWith(place + what), message);
    assertTrue(message.contains(hint), message);
  }

  @Test
  void emptyAndContradictingQueriesAreRefused() {
    assertThrows(UserError.class, () -> parse(""));
    assertThrows(UserError.class, () -> parse("   "));
    String message =
        assertThrows(UserError.class, () -> parse("-Young +Smiling +Young")).getMessage();
    assertTrue(message.contains("with and without Young"), message);
    assertEquals(2, parse("+Young ~Young*-0.5").terms().size(), "a preference contradicts nothing");
  }

  @Provide
  Arbitrary<Query> queries() {
    Arbitrary<Double> weights =
        Arbitraries.oneOf(
            Arbitraries.of(1.0, 0.0, 0.5, 2.0, 1e-5, 0x1p53, Double.MIN_VALUE, Double.MAX_VALUE),
            Arbitraries.doubles().between(0, 1000));
    Arbitrary<Integer> indices = Arbitraries.integers().between(0, NAMES.size() - 1);
    Arbitrary<Term> attributes =
        Combinators.combine(Arbitraries.of(Sign.class), indices, weights)
            .as((sign, i, weight) -> new Attribute(sign, i, NAMES.get(i), weight));
    Arbitrary<Term> preferences =
        Combinators.combine(indices, weights)
            .as((i, weight) -> new Attribute(Sign.RATHER, i, NAMES.get(i), -weight));
    Arbitrary<Term> images =
        Combinators.combine(
                Arbitraries.strings().withChars("ab. *\"\\/+-~:\té").ofMinLength(1).ofMaxLength(9),
                weights,
                Arbitraries.of(-1, 1))
            .as((image, weight, sign) -> new Image(image, sign * weight));
    return Arbitraries.oneOf(attributes, preferences, images)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(
            terms -> {
              try {
                return new Query(terms);
              } catch (UserError contradiction) {
                return new Query(List.of(terms.get(0)));
              }
            });
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "Young", "Smiling", "+", "-", "~", "like:", "*", "2", "0.5", " ", "\"", "\\", "x.jpg")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  private static Query parse(String text) {
    return Query.parse(text, NAMES);
  }
}

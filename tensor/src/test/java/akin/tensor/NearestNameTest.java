package akin.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a mistyped name may have meant. */
class NearestNameTest {
  private static final List<String> KNOWN =
      List.of("Smiling", "Eyeglasses", "Young", "No_Beard", "Wavy_Hair", "Gray_Hair", "Male");

  @Test
  void aTypingErrorFindsItsName() {
    assertEquals(List.of("Smiling"), NearestName.of("Smilling", KNOWN));
    assertEquals(List.of("Smiling"), NearestName.of("smiling", KNOWN));
    assertEquals(List.of("No_Beard"), NearestName.of("nobeard", KNOWN));
    assertEquals(List.of("Eyeglasses"), NearestName.of("Glasses", KNOWN));
    assertEquals("did you mean Young?", NearestName.hint("Yuong", KNOWN));
  }

  @Test
  void severalNearNamesAreOrderedByDistanceThenAsGiven() {
    assertEquals(List.of("Wavy_Hair", "Gray_Hair"), NearestName.of("Hair", KNOWN));
    assertEquals(List.of("Gray_Hair", "Wavy_Hair"), NearestName.of("Gravy_Hair", KNOWN));
  }

  @Test
  void withoutANearNameTheKnownOnesAreListed() {
    assertEquals(List.of(), NearestName.of("Aeroplane", KNOWN));
    assertTrue(NearestName.hint("Aeroplane", KNOWN).startsWith("known names: Smiling, Eyeglasses"));
    List<String> many = IntStream.range(0, 40).mapToObj(i -> "attribute" + i).toList();
    assertTrue(NearestName.hint("zzzzz", many).endsWith("… (40)"));
    assertEquals(List.of(), NearestName.of("x", List.of()));
  }
}

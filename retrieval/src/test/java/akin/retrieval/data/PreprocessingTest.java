package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akin.tensor.UserError;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The line that is stored with a model says all there is to know. */
class PreprocessingTest {
  @Provide
  Arbitrary<Preprocessing> any() {
    return Arbitraries.of(1, 3).flatMap(this::withChannels);
  }

  private Arbitrary<Preprocessing> withChannels(int channels) {
    Arbitrary<List<Double>> numbers =
        Arbitraries.doubles().between(0.01, 9).ofScale(6).list().ofSize(channels);
    return Combinators.combine(
            Arbitraries.integers().between(1, 999),
            Arbitraries.integers().between(1, 999),
            Arbitraries.integers().between(0, 999),
            Arbitraries.of(ResizeFilter.class),
            Arbitraries.doubles().between(1, 255).ofScale(3),
            numbers,
            numbers)
        .as(
            (w, h, side, f, div, mean, std) ->
                new Preprocessing(w, h, side, f, channels, div, mean, std));
  }

  @Property(tries = 300, seed = "1")
  void theIdReadsBackToTheSame(@ForAll("any") Preprocessing preprocessing) {
    assertEquals(preprocessing, Preprocessing.parse(preprocessing.id()));
  }

  @Test
  void anotherLineIsRefused() {
    String id = Preprocessing.stretch(64, 64).id();
    for (String wrong :
        List.of("", id + " more=1", id.replace("64x64", "64"), id.replace("bil", "tri"))) {
      assertThrows(UserError.class, () -> Preprocessing.parse(wrong), wrong);
    }
  }

  @Test
  void channelsComeOneAfterTheOther() {
    Image image = new Image(2, 1, 3, new byte[] {0, 51, 102, (byte) 153, (byte) 204, (byte) 255});
    Preprocessing plain =
        Preprocessing.stretch(2, 1).normalize(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    float[] out = new float[7];
    plain.normalize(plain.shape(image), out, 1);
    assertArrayEquals(new float[] {0, 0, 0.6f, 0.2f, 0.8f, 0.4f, 1}, out);
  }
}

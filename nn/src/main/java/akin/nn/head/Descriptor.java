package akin.nn.head;

import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One number for each plane of a feature map, [N,C,H,W] → [N,C]: what a picture shows, wherever it
 * shows it. With x ≥ 0 of a plane's n cells,
 *
 * <pre>
 * SPoC (1/n) Σ x            how much there is of it
 * MAC  max x                whether it is anywhere
 * GeM  ((1/n) Σ x^p)^(1/p)  between the two: p = 1 is SPoC, p → ∞ is MAC
 * </pre>
 *
 * <p>Source: Babenko and Lempitsky, ICCV 2015 (SPoC); Tolias et al., ICLR 2016 (MAC); Radenović et
 * al., PAMI 2018 (GeM).
 */
public enum Descriptor {
  /** The mean. */
  SPOC('S'),
  /** The maximum. */
  MAC('M'),
  /** The generalised mean. */
  GEM('G');

  private final char letter; // in a combination such as SMG

  Descriptor(char letter) {
    this.letter = letter;
  }

  /**
   * The descriptors of a combination such as {@code S}, {@code MG} or {@code SMG}, in its order.
   *
   * @throws UserError if a letter is none of theirs or stands twice, or there is none
   */
  public static List<Descriptor> parse(String combination) {
    List<Descriptor> all = new ArrayList<>();
    for (char c : combination.toUpperCase(Locale.ROOT).toCharArray()) {
      for (Descriptor each : values()) {
        if (each.letter == c && !all.contains(each)) {
          all.add(each);
        }
      }
    }
    if (all.isEmpty() || all.size() != combination.length()) {
      throw UserError.of("no combination of descriptors: '" + combination + "'")
          .rule("S (SPoC, mean), M (MAC, maximum), G (GeM, generalised mean), each at most once")
          .mend("write one such as S, MG or SMG");
    }
    return all;
  }
}

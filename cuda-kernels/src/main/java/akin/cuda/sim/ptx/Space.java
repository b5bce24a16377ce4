package akin.cuda.sim.ptx;

import java.util.Locale;
import java.util.Optional;

/** Where a variable lies, or what an address means. */
public enum Space {
  /** Any of the others, told by the address itself. */
  GENERIC,
  /** The card's memory. */
  GLOBAL,
  /** The card's memory, read only. */
  CONST,
  /** A block's own memory. */
  SHARED,
  /** A thread's own memory. */
  LOCAL,
  /** The arguments. */
  PARAM;

  /** The space of that name without the dot; empty if there is none. */
  public static Optional<Space> of(String name) {
    for (Space space : values()) {
      if (space.toString().equals(name)) {
        return Optional.of(space);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

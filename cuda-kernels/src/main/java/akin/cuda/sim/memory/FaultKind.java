package akin.cuda.sim.memory;

/** What a kernel may do that no kernel may. */
public enum FaultKind {
  /** An access that does not lie wholly in one piece of memory. */
  OUT_OF_BOUNDS("access out of bounds"),
  /** An access to memory that was given back. */
  USE_AFTER_FREE("access to memory that was given back"),
  /** An address that is no multiple of the access's width. */
  MISALIGNED("misaligned access"),
  /** A read of bytes that nothing wrote. */
  UNWRITTEN("read of memory that nothing wrote"),
  /** Two threads at one byte, in no order, and one of them writes. */
  RACE("race"),
  /** A barrier that not all threads reach. */
  BARRIER("barrier that not all threads reach"),
  /** A warp's common instruction without all the lanes that it names. */
  LANES("warp instruction without all its lanes"),
  /** An address of one space used in another. */
  SPACE("address of another space"),
  /** More instructions than any kernel needs. */
  ENDLESS("endless loop"),
  /** The kernel's own {@code trap}. */
  TRAP("trap");

  private final String text;

  FaultKind(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}

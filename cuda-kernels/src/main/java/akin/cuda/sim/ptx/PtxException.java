package akin.cuda.sim.ptx;

/** PTX that cannot be read, or uses what the machine does not know. */
public final class PtxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param line of the PTX text, from 1
   */
  public PtxException(int line, String what) {
    super("PTX line " + line + ": " + what);
  }
}

package akin.cuda.device;

/** What a device or one of its libraries refused, by the call and its error. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What happened, as far as the caller can do something about it. */
  public enum Kind {
    /** There is not so much memory left. */
    OUT_OF_MEMORY,
    /** The card does not answer any more, or fell out of its context: nothing on it is left. */
    LOST,
    /** A kernel did something forbidden; the context cannot be used any more. */
    KERNEL_FAULT,
    /** A kernel's source or PTX does not compile; the message has the compiler's log. */
    COMPILE,
    /** A call was refused: a mistake of ours. */
    REFUSED
  }

  private final Kind kind;

  /**
   * @param message the call, the error's name and what it means
   */
  public DeviceException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What happened. */
  public Kind kind() {
    return kind;
  }
}

package akin.cuda.device;

import akin.tensor.UserError;

/**
 * What a device or one of its libraries refused, by the call and its error. Nobody between the
 * device and the user can mend one, save for memory that runs out; so it is a message to the user.
 */
public final class DeviceException extends UserError {
  private static final long serialVersionUID = 1L;

  private static final String REPORT =
      "this is a mistake of Akin's: please report it with what akin doctor --device cuda writes;"
          + " --device cpu computes meanwhile";

  /** What happened, as far as the caller can do something about it. */
  public enum Kind {
    /** There is not so much memory left. */
    OUT_OF_MEMORY("use a smaller batch, or end what else uses the card (nvidia-smi lists it)"),
    /** The card does not answer any more, or fell out of its context: nothing on it is left. */
    LOST(
        "see nvidia-smi and the kernel's log (dmesg); start again when the card answers, from the"
            + " last checkpoint"),
    /** A kernel did something forbidden; the context cannot be used any more. */
    KERNEL_FAULT(REPORT),
    /** A kernel's source or PTX does not compile; the message has the compiler's log. */
    COMPILE(REPORT),
    /** A call was refused: a mistake of ours. */
    REFUSED(REPORT);

    private final String mend;

    Kind(String mend) {
      this.mend = mend;
    }
  }

  private final Kind kind;

  /**
   * @param message the call, the error's name and what it means
   */
  public DeviceException(Kind kind, String message) {
    super(message, kind.mend);
    this.kind = kind;
  }

  /** What happened. */
  public Kind kind() {
    return kind;
  }
}

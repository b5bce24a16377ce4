package akin.cuda.device;

/**
 * What a card is.
 *
 * @param name its product name
 * @param major compute capability, first number
 * @param minor compute capability, second number
 * @param multiprocessors how many blocks can surely run at once
 * @param memoryBytes its whole memory
 * @param sharedBytes shared memory that a block may have without asking for more
 * @param bandwidth bytes a second between the card and its memory by its clock and bus; 0 if
 *     unknown
 */
public record DeviceInfo(
    String name,
    int major,
    int minor,
    int multiprocessors,
    long memoryBytes,
    int sharedBytes,
    double bandwidth) {
  /** The architecture as NVIDIA's compilers name it, such as {@code sm_86}. */
  public String architecture() {
    return "sm_" + major + minor;
  }
}

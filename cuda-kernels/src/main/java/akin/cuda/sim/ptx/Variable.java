package akin.cuda.sim.ptx;

import java.nio.ByteBuffer;

/**
 * A variable or parameter.
 *
 * @param name its name
 * @param space where it lies
 * @param type of one element
 * @param align bytes that its address is a multiple of
 * @param bytes its size; 0 for an array that a launch gives its size
 * @param content its bytes at the start, or null where there is none
 */
public record Variable(
    String name, Space space, Type type, int align, int bytes, ByteBuffer content) {
  /** Whether the launch says how large it is. */
  public boolean sizedByLaunch() {
    return bytes == 0;
  }
}

package akin.nn.io;

import akin.tensor.UserError;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Bytes that can be read from any place: of an open file, or of an entry of an archive. */
@FunctionalInterface
public interface ByteSource {
  /**
   * Fills what remains of {@code into} with the bytes from {@code position} on.
   *
   * @throws UserError if there are not so many, or they cannot be read
   */
  void read(ByteBuffer into, long position);

  /** The bytes of an open file. */
  static ByteSource of(FileChannel channel, Path file) {
    return (into, position) -> Safetensors.fill(channel, into, position, file);
  }

  /** Bytes in memory. */
  static ByteSource of(byte[] bytes) {
    return (into, position) -> into.put(bytes, Math.toIntExact(position), into.remaining());
  }
}

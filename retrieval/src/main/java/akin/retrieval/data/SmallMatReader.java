package akin.retrieval.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import us.hebi.matlab.mat.format.BufferAllocator;
import us.hebi.matlab.mat.format.Mat5Reader;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.Source;

/**
 * Reads MATLAB 5 files of lists. Numbers of elements that a file claims are checked before memory
 * is taken; how many bytes they have, {@link MatSizes} checks.
 */
final class SmallMatReader extends Mat5Reader {
  /** Elements of a cell or a struct, and bytes of an array of numbers or characters. */
  static final int LARGEST = 1 << 21;

  private static final BufferAllocator BOUNDED =
      new BufferAllocator() {
        @Override
        public ByteBuffer allocate(int bytes) {
          require(bytes);
          return ByteBuffer.allocate(bytes);
        }

        @Override
        public void release(ByteBuffer buffer) {}
      };

  SmallMatReader(Source source) {
    super(source);
    setBufferAllocator(BOUNDED);
    disableSubsystemProcessing();
  }

  /** Of a compressed element. */
  @Override
  protected Mat5Reader createChildReader(Source source) {
    return new SmallMatReader(source);
  }

  @Override
  protected Array readCell(EntryHeader header) throws IOException {
    require(header.getNumElements());
    return super.readCell(header);
  }

  @Override
  protected Array[][] readValues(EntryHeader header, int fields, String[] names)
      throws IOException {
    require((long) header.getNumElements() * fields);
    return super.readValues(header, fields, names);
  }

  private static void require(long size) {
    if (size < 0 || size > LARGEST) {
      throw new IllegalArgumentException(
          "an array of " + size + ", where at most " + LARGEST + " are taken");
    }
  }
}

package akin.nn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import akin.tensor.UserError;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged files of every format: each is read or refused with one message, quickly, and within a
 * small multiple of its size.
 */
class HostileWeightsTest {
  private static final int FLIPPED_FILES = 2000;
  private static final long SEED = 20;

  /** A reading may allocate this much whatever the file, and so many times the file on top. */
  private static final long MEMORY = 4L << 20;

  private static final long MEMORY_FACTOR = 64;

  private static final long CPU_NANOSECONDS = 2_000_000_000L;

  private static final com.sun.management.ThreadMXBean THREAD =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final byte[] EXTREMES = {0, 1, 0x7f, -1, -128};

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(SampleWeights.class)
  void everyTruncationIsRefused(SampleWeights format) throws IOException {
    byte[] whole = format.bytes(folder);
    assertTrue(survives(whole, "whole"), "the whole file is read");
    int read = 0;
    for (int length = 0; length < whole.length; length++) {
      read += survives(Arrays.copyOf(whole, length), "cut at " + length) ? 1 : 0;
    }
    assertEquals(0, read, "truncated files that were read");
  }

  @ParameterizedTest
  @EnumSource(SampleWeights.class)
  void everyFlippedByteIsReadOrRefused(SampleWeights format) throws IOException {
    byte[] whole = format.bytes(folder);
    Random random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < FLIPPED_FILES; i++) {
      byte[] damaged = whole.clone();
      StringBuilder what = new StringBuilder("file " + i + ":");
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        int at = random.nextInt(damaged.length);
        // Half of them one bit; else extremes, which lengths and signs stumble over.
        damaged[at] =
            random.nextBoolean()
                ? (byte) (damaged[at] ^ 1 << random.nextInt(8))
                : EXTREMES[random.nextInt(EXTREMES.length)];
        what.append(" byte ").append(at).append(" = ").append(damaged[at]);
      }
      refused += survives(damaged, what.toString()) ? 0 : 1;
    }
    assertTrue(refused > FLIPPED_FILES / 20, "only " + refused + " files were refused");
  }

  /** Whether the file is read; a refusal is the other thing that may happen. */
  private boolean survives(byte[] bytes, String what) throws IOException {
    Path file = Files.write(folder.resolve("damaged"), bytes);
    long cpu = THREAD.getCurrentThreadCpuTime();
    long allocated = THREAD.getThreadAllocatedBytes(Thread.currentThread().getId());
    boolean read = false;
    try (WeightFile weights = WeightFile.open(file)) {
      weights.metadata();
      weights.entries().values().forEach(WeightFile.Entry::value);
      weights.stateDict();
      read = true;
    } catch (UserError e) {
      assertTrue(e.getMessage().contains("damaged"), e.getMessage()); // the file's name
    } catch (Throwable e) {
      fail(what, e);
    }
    allocated = THREAD.getThreadAllocatedBytes(Thread.currentThread().getId()) - allocated;
    cpu = THREAD.getCurrentThreadCpuTime() - cpu;
    assertTrue(
        allocated < MEMORY + MEMORY_FACTOR * bytes.length,
        what + " took " + allocated + " bytes of memory");
    assertTrue(cpu < CPU_NANOSECONDS, what + " took " + cpu + " ns");
    return read;
  }
}

package akin.tests;

import akin.nn.StateDict;
import akin.nn.io.WeightFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads a weight file in a Java machine of its own and prints how long that took and how much
 * memory: {@code bytes}, {@code read} (seconds of reading the file alone, a second time, so that it
 * comes from memory as it does for loading), {@code load} (seconds) and {@code heap} (peak, bytes).
 */
final class WeightLoadRun {
  private WeightLoadRun() {}

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    read(file);
    double read = read(file);
    long start = System.nanoTime();
    StateDict dict;
    try (WeightFile weights = WeightFile.open(file)) {
      dict = weights.stateDict();
    }
    double load = (System.nanoTime() - start) / 1e9;
    long heap = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      heap += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
    }
    System.out.println("arrays " + dict.values().size());
    System.out.println("bytes " + Files.size(file));
    System.out.println("read " + read);
    System.out.println("load " + load);
    System.out.println("heap " + heap);
  }

  private static double read(Path file) throws IOException {
    long start = System.nanoTime();
    try (InputStream in = Files.newInputStream(file)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return (System.nanoTime() - start) / 1e9;
  }
}

package akin.app;

import akin.tensor.NearestName;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that all of Akin's own commands take. */
final class CommonOptions extends OutputOptions {
  @Option(
      names = "--seed",
      paramLabel = "N",
      order = 102,
      description = "Seed of every random choice: the same seed, the same result.")
  private Long seed;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      order = 103,
      defaultValue = "auto",
      converter = Device.class,
      description =
          "auto, reference, cpu, cuda[:0] or sim; ${DEFAULT-VALUE} takes the fastest there is; sim"
              + " runs the kernels of cuda without a card, slowly.")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      order = 104,
      defaultValue = "0",
      converter = Threads.class,
      description = "Worker threads; 0, the default, for all processors.")
  private int threads;

  /** The seed, or the command's own. */
  long seed(long otherwise) {
    return seed == null ? otherwise : seed;
  }

  /** The seed as given; null if it was not. */
  Long seedOrNull() {
    return seed;
  }

  /** The device as given. */
  String device() {
    return device;
  }

  /** Worker threads, at least one. */
  int threads() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** Opens the backend that was asked for. */
  Backend open() {
    return Backends.open(device, threads());
  }

  /** Refuses what is no device's name; whether the device can be used is found out later. */
  private static final class Device implements ITypeConverter<String> {
    private static final List<String> NAMES = List.of("auto", "reference", "cpu", "cuda", "sim");

    @Override
    public String convert(String value) {
      if (!NAMES.contains(value) && !value.matches("cuda:[0-9]{1,3}")) {
        throw new TypeConversionException(
            "'" + value + "' is no device; " + NearestName.hint(value, NAMES));
      }
      return value;
    }
  }

  /** A number of threads that makes sense. */
  private static final class Threads implements ITypeConverter<Integer> {
    private static final int MOST = 1024;

    @Override
    public Integer convert(String value) {
      try {
        int threads = Integer.parseInt(value);
        if (threads >= 0 && threads <= MOST) {
          return threads;
        }
      } catch (NumberFormatException e) {
        // Told below, like a number out of range.
      }
      throw new TypeConversionException("'" + value + "' is not a number from 0 to " + MOST);
    }
  }
}

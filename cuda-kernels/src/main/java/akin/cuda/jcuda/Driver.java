package akin.cuda.jcuda;

import akin.cuda.device.DeviceInfo;
import akin.tensor.UserError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The driver before a card is opened: whether it answers, its version, its cards. */
final class Driver {
  /** CUDA 11.0; later libraries of CUDA 11 run on its driver. */
  private static final int OLDEST_VERSION = 11000;

  private static final int OLDEST_CAPABILITY = 75;

  private Driver() {}

  /** Loads the driver; tells in one line why it does not serve. */
  static Optional<String> refusal(Libraries libraries) {
    try {
      libraries.load(Part.DRIVER);
      return answer();
    } catch (UserError e) {
      return Optional.of(e.getMessage().replace("\n  mend: ", "; ").replace("\n", ";"));
    } catch (LinkageError e) {
      return Optional.of("JCuda cannot be loaded: " + Libraries.firstLine(e));
    }
  }

  private static Optional<String> answer() {
    int[] version = new int[1];
    int code = JCudaDriver.cuDriverGetVersion(version);
    if (code == CUresult.CUDA_SUCCESS && version[0] < OLDEST_VERSION) {
      return Optional.of(
          "the NVIDIA driver knows CUDA up to "
              + version(version[0])
              + ", and "
              + version(OLDEST_VERSION)
              + " is needed; update the driver to 450.80 or newer");
    }
    if (code == CUresult.CUDA_SUCCESS) {
      code = JCudaDriver.cuInit(0);
    }
    int[] cards = new int[1];
    if (code == CUresult.CUDA_SUCCESS) {
      code = JCudaDriver.cuDeviceGetCount(cards);
    }
    if (code == CUresult.CUDA_ERROR_NO_DEVICE || code == CUresult.CUDA_SUCCESS && cards[0] == 0) {
      return Optional.of(
          "the NVIDIA driver finds no card; see nvidia-smi, and CUDA_VISIBLE_DEVICES if it is set");
    }
    if (code == CUresult.CUDA_ERROR_STUB_LIBRARY) {
      return Optional.of(
          "libcuda.so.1 is the toolkit's stub and not a driver; install the NVIDIA driver, and take"
              + " the folder stubs out of LD_LIBRARY_PATH");
    }
    if (code != CUresult.CUDA_SUCCESS) {
      return Optional.of(
          "the NVIDIA driver does not answer: " + Results.told(code) + "; see nvidia-smi");
    }
    return IntStream.range(0, cards[0]).allMatch(Driver::tooOld)
        ? Optional.of("no card is sm_" + OLDEST_CAPABILITY + " (2018) or newer")
        : Optional.empty();
  }

  private static boolean tooOld(int ordinal) {
    CUdevice card = card(ordinal);
    int major = attribute(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
    int minor = attribute(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    return 10 * major + minor < OLDEST_CAPABILITY;
  }

  /** Of 11080, 11.8. */
  static String version(int number) {
    return number / 1000 + "." + number % 1000 / 10;
  }

  /** The driver's version and the cards that it has, a line each. */
  static List<String> report() {
    List<String> lines = new ArrayList<>();
    lines.add("driver: knows CUDA up to " + version(version()));
    int[] count = new int[1];
    Results.driver("cuDeviceGetCount", JCudaDriver.cuDeviceGetCount(count));
    for (int i = 0; i < count[0]; i++) {
      try {
        DeviceInfo info = info(card(i));
        lines.add(
            String.format(
                Locale.ROOT,
                "cuda:%d: %s, %s, %d MiB, %d multiprocessors",
                i,
                info.name(),
                info.architecture(),
                info.memoryBytes() >> 20,
                info.multiprocessors()));
      } catch (UserError e) {
        lines.add("cuda:" + i + ": " + e.what());
      }
    }
    return lines;
  }

  /** The driver's version as cuDriverGetVersion tells it. */
  static int version() {
    int[] version = new int[1];
    Results.driver("cuDriverGetVersion", JCudaDriver.cuDriverGetVersion(version));
    return version[0];
  }

  /**
   * The card of this number.
   *
   * @throws UserError if there is none, or it is too old
   */
  static CUdevice card(int ordinal) {
    int[] count = new int[1];
    Results.driver("cuDeviceGetCount", JCudaDriver.cuDeviceGetCount(count));
    if (ordinal >= count[0]) {
      throw UserError.of("there is no such card")
          .at("--device cuda:" + ordinal)
          .rule(count[0] == 1 ? "the only card is cuda:0" : "cuda:0 to cuda:" + (count[0] - 1));
    }
    CUdevice card = new CUdevice();
    Results.driver("cuDeviceGet", JCudaDriver.cuDeviceGet(card, ordinal));
    return card;
  }

  /** What the card is. */
  static DeviceInfo info(CUdevice card) {
    byte[] name = new byte[256];
    Results.driver("cuDeviceGetName", JCudaDriver.cuDeviceGetName(name, name.length, card));
    long[] bytes = new long[1];
    Results.driver("cuDeviceTotalMem", JCudaDriver.cuDeviceTotalMem(bytes, card));
    // Memory moves data at both edges of its clock.
    double bandwidth =
        2.0
            * 1e3
            * attribute(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE)
            * attribute(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH)
            / Byte.SIZE;
    DeviceInfo info =
        new DeviceInfo(
            text(name),
            attribute(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
            attribute(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
            attribute(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
            bytes[0],
            attribute(card, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK),
            bandwidth);
    if (10 * info.major() + info.minor() < OLDEST_CAPABILITY) {
      throw UserError.of("the card is too old: " + info.name() + " is " + info.architecture())
          .rule("sm_" + OLDEST_CAPABILITY + " (2018) or newer")
          .mend("compute with --device cpu");
    }
    return info;
  }

  /** One of the card's numbers. */
  static int attribute(CUdevice card, int which) {
    int[] value = new int[1];
    Results.driver(
        "cuDeviceGetAttribute " + CUdevice_attribute.stringFor(which),
        JCudaDriver.cuDeviceGetAttribute(value, which, card));
    return value[0];
  }

  private static String text(byte[] zeroEnded) {
    int length = 0;
    while (length < zeroEnded.length && zeroEnded[length] != 0) {
      length++;
    }
    return new String(zeroEnded, 0, length, StandardCharsets.UTF_8);
  }
}

package akin.app;

import akin.app.report.GalleryPicture;
import akin.retrieval.Progress;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.BackendProvider;
import akin.tensor.backend.Backends;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import javax.imageio.ImageIO;

/** Looks at the machine: what Akin needs, what it found, and how to mend what is missing. */
final class Doctor {
  /** How a finding judges. */
  enum Status {
    /** As it should be. */
    GOOD,
    /** Akin works, but slower or with less. */
    NOTE,
    /** Akin does not work like this. */
    BAD
  }

  /**
   * One thing looked at.
   *
   * @param name what was looked at
   * @param status how it is
   * @param found what was found
   * @param mend what to do; empty if nothing
   */
  record Finding(String name, Status status, String found, String mend) {}

  private static final int OLDEST_JAVA = 17;
  private static final long SMALL_HEAP = 1L << 30;
  private static final long SMALL_DISK = 1L << 30;
  private static final int PICTURE = 16;

  private final CommonOptions options;
  private final Progress progress;
  private final Predicate<String> methods;
  private final List<Finding> findings = new ArrayList<>();
  private DeviceTrial trial = new DeviceTrial(List.of());
  private final List<DeviceSpeeds.Speed> speeds = new ArrayList<>();

  /**
   * For the device, threads and seed of {@code options}.
   *
   * @param methods which methods of the backend's contract are tried
   */
  Doctor(CommonOptions options, Progress progress, Predicate<String> methods) {
    this.options = options;
    this.progress = progress;
    this.methods = methods;
  }

  List<Finding> examine() {
    java();
    vectors();
    processors();
    heap();
    disk("temporary files", Path.of(System.getProperty("java.io.tmpdir")));
    disk("this folder", Path.of("").toAbsolutePath());
    pictures();
    fonts();
    devices();
    contract();
    speed();
    return List.copyOf(findings);
  }

  private void good(String name, String found) {
    findings.add(new Finding(name, Status.GOOD, found, ""));
  }

  private void note(String name, String found, String mend) {
    findings.add(new Finding(name, Status.NOTE, found, mend));
  }

  private void bad(String name, String found, String mend) {
    findings.add(new Finding(name, Status.BAD, found, mend));
  }

  private void java() {
    String found =
        Runtime.version()
            + ", "
            + System.getProperty("java.vendor")
            + ", "
            + System.getProperty("java.home");
    if (Runtime.version().feature() < OLDEST_JAVA) {
      bad("Java", found, "install JDK " + OLDEST_JAVA + " or newer and set JAVA_HOME to it");
    } else {
      good("Java", found);
    }
  }

  private void vectors() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      good("Vector API", "present");
    } else {
      note(
          "Vector API",
          "absent: the cpu backend computes with plain loops, several times slower",
          "start Java with --add-modules jdk.incubator.vector, as ./akin does");
    }
  }

  private void processors() {
    int processors = Runtime.getRuntime().availableProcessors();
    good("threads", options.threads() + " of " + processors + " processors");
  }

  private void heap() {
    long most = Runtime.getRuntime().maxMemory();
    if (most < SMALL_HEAP) {
      note("memory", "heap up to " + bytes(most), "give more: AKIN_JAVA_OPTS=-Xmx4g akin …");
    } else {
      good("memory", "heap up to " + bytes(most));
    }
  }

  private void disk(String name, Path folder) {
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      String found = bytes(free) + " free in " + folder;
      if (!Files.isWritable(folder)) {
        note(name, found + ", but it cannot be written", "choose another folder for the results");
      } else if (free < SMALL_DISK) {
        note(name, found, "free some space before a long training");
      } else {
        good(name, found);
      }
    } catch (IOException e) {
      note(name, folder + " cannot be looked at: " + e.getMessage(), "choose another folder");
    }
  }

  /** Draws a picture, writes it as JPEG and PNG, reads it back. */
  private void pictures() {
    try {
      BufferedImage picture = new BufferedImage(PICTURE, PICTURE, BufferedImage.TYPE_INT_RGB);
      Graphics2D pen = picture.createGraphics();
      pen.setColor(Color.WHITE);
      pen.fillOval(1, 1, PICTURE - 2, PICTURE - 2);
      pen.dispose();
      for (String format : List.of("jpg", "png")) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        if (!ImageIO.write(picture, format, file)
            || ImageIO.read(new ByteArrayInputStream(file.toByteArray())) == null) {
          throw new IOException("this Java neither reads nor writes " + format);
        }
      }
      good("pictures", "drawing, JPEG and PNG work");
    } catch (IOException | LinkageError e) {
      bad("pictures", e.toString(), "install a JDK with the module java.desktop");
    }
  }

  private void fonts() {
    if (GalleryPicture.hasFonts()) {
      good("fonts", "text can be drawn");
    } else {
      note(
          "fonts",
          "text cannot be drawn; galleries as pictures come without labels",
          "install fontconfig and a font such as DejaVu");
    }
  }

  private void devices() {
    for (BackendProvider provider : Backends.providers()) {
      String name = "device " + provider.name();
      Optional<String> refusal = provider.refusal();
      boolean asked = options.device().split(":")[0].equals(provider.name());
      if (refusal.isPresent() && asked) {
        bad(name, refusal.get(), "install what is missing, or take another --device");
        provider.searched().forEach(line -> note("searched", line, ""));
        continue;
      } else if (refusal.isPresent()) {
        note(name, refusal.get(), "without it, --device auto takes the next one");
        continue;
      }
      try (Backend backend = provider.open(new BackendProvider.Options(options.threads(), 0))) {
        good(name, backend.name());
        if (asked) {
          provider.searched().forEach(line -> good("searched", line));
        }
      } catch (RuntimeException | LinkageError e) {
        String why = e instanceof UserError ? e.getMessage() : e.toString();
        bad(name, "it does not open: " + why, "use another one with --device");
        if (asked) {
          provider.searched().forEach(line -> note("searched", line, ""));
        }
      }
    }
  }

  /** Tries the chosen device at the methods of the backend's contract, against the reference. */
  private void contract() {
    String device;
    // Closed before the trial: a card that a kernel has broken is whole again when nobody has it.
    try (Backend opened = options.open()) {
      device = opened.name();
    } catch (UserError e) {
      unopened("contract", e);
      return;
    }
    if (device.equals("reference")) {
      return;
    }
    trial = DeviceTrial.of(options::open, methods, progress);
    List<String> failures = trial.failures();
    if (failures.isEmpty()) {
      good(
          "contract",
          String.format(
              Locale.ROOT,
              "%s agrees with the reference in %d cases; worst error %.2f of what is allowed",
              device,
              trial.cases(),
              trial.worst()));
    } else {
      bad(
          "contract",
          device + " computes wrongly: " + failures.get(0),
          "use --device reference, and please report this; " + failures.size() + " failures");
    }
  }

  private void speed() {
    try (Backend device = options.open()) {
      DeviceSpeeds.measure(device, options.seed(1), speeds::add);
      good("speed", speeds.size() + " tasks timed on " + device.name());
    } catch (UserError e) {
      unopened("speed", e);
    }
  }

  /** Tells once why the chosen device does not open. */
  private void unopened(String name, UserError why) {
    if (findings.stream().anyMatch(f -> f.status() == Status.BAD && f.name().startsWith("device"))
        || findings.stream().anyMatch(f -> f.found().equals(why.getMessage()))) {
      note(name, "not tried: the device does not open", "");
    } else {
      bad(name, why.getMessage(), "choose another device");
    }
  }

  /** The contract method by method; none where the device does not open, or is the reference. */
  DeviceTrial trial() {
    return trial;
  }

  /** What the chosen device was timed at. */
  List<DeviceSpeeds.Speed> speeds() {
    return List.copyOf(speeds);
  }

  private static String bytes(long count) {
    return String.format(Locale.ROOT, "%.1f GiB", count / (double) (1L << 30));
  }
}

package akin.retrieval.data;

import akin.tensor.UserError;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a folder of IDX files as MNIST and Fashion-MNIST have them, gzipped or not: {@code
 * train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte} and the same with {@code t10k}, which
 * become the splits TRAIN and TEST. All numbers are big-endian: images are magic 0x00000803, count,
 * rows, columns, then the samples; labels are magic 0x00000801, count, then the labels.
 */
final class IdxReader {
  private static final int IMAGES = 0x00000803;
  private static final int LABELS = 0x00000801;

  private IdxReader() {}

  /** Whether the folder has the images of one of the parts. */
  static boolean fits(Path folder) {
    return find(folder, "train", "images", "idx3").isPresent()
        || find(folder, "t10k", "images", "idx3").isPresent();
  }

  static Dataset read(Path folder) {
    List<Part> parts = new ArrayList<>();
    readPart(folder, "train", Split.TRAIN).ifPresent(parts::add);
    readPart(folder, "t10k", Split.TEST).ifPresent(parts::add);
    if (parts.isEmpty()) {
      throw UserError.of("no IDX images here")
          .at(folder)
          .rule("train-images-idx3-ubyte[.gz] or t10k-images-idx3-ubyte[.gz]")
          .mend("give the folder that holds the four files of MNIST or Fashion-MNIST");
    }
    return new IdxDataset(folder.toString(), parts);
  }

  /** One pair of files. */
  private record Part(
      Split split, int count, int rows, int columns, byte[] pixels, byte[] labels) {}

  private static Optional<Part> readPart(Path folder, String prefix, Split split) {
    Optional<Path> imageFile = find(folder, prefix, "images", "idx3");
    if (imageFile.isEmpty()) {
      return Optional.empty();
    }
    Path labelFile =
        find(folder, prefix, "labels", "idx1")
            .orElseThrow(
                () ->
                    UserError.of("the labels of " + imageFile.get().getFileName() + " are missing")
                        .at(folder.resolve(prefix + "-labels-idx1-ubyte"))
                        .mend("put the file, plain or with .gz, beside the images"));
    int[] shape = new int[3];
    byte[] pixels = readFile(imageFile.get(), IMAGES, shape);
    int[] labelCount = new int[1];
    byte[] labels = readFile(labelFile, LABELS, labelCount);
    if (shape[0] != labelCount[0]) {
      throw UserError.of("as many labels as images are needed")
          .at(labelFile)
          .rule(
              labelCount[0] + " labels, but " + imageFile.get() + " holds " + shape[0] + " images")
          .mend("take both files from the same source");
    }
    return Optional.of(new Part(split, shape[0], shape[1], shape[2], pixels, labels));
  }

  private static Optional<Path> find(Path folder, String prefix, String what, String rank) {
    for (String separator : new String[] {"-", "."}) {
      for (String ending : new String[] {"", ".gz"}) {
        Path file = folder.resolve(prefix + "-" + what + separator + rank + "-ubyte" + ending);
        if (Files.isRegularFile(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  /** Reads a whole file: its sizes into {@code shape}, the bytes after them as the result. */
  private static byte[] readFile(Path file, int magic, int[] shape) {
    try (DataInputStream in = new DataInputStream(open(file))) {
      int found = in.readInt();
      if (found != magic) {
        throw UserError.of("not the IDX file that its name says")
            .at(file)
            .rule(String.format("it begins with 0x%08x, not 0x%08x", found, magic))
            .mend("download the file again");
      }
      long bytes = 1;
      StringBuilder sizes = new StringBuilder();
      for (int d = 0; d < shape.length; d++) {
        shape[d] = in.readInt();
        sizes.append(d == 0 ? "" : " x ").append(shape[d]);
        bytes = shape[d] < 1 || bytes > Integer.MAX_VALUE ? Long.MAX_VALUE : bytes * shape[d];
      }
      if (bytes > Integer.MAX_VALUE - 8) {
        throw UserError.of("impossible sizes in the header").at(file).rule(sizes.toString());
      }
      byte[] content = in.readNBytes((int) bytes);
      if (content.length < bytes) {
        throw truncated(file, sizes + " bytes follow the header; found " + content.length);
      }
      if (in.read() >= 0) {
        throw UserError.of("the file is longer than its header says")
            .at(file)
            .rule(sizes + " bytes follow the header, and no more")
            .mend("download the file again");
      }
      return content;
    } catch (EOFException e) {
      throw truncated(file, "the gzip stream or the header ends early");
    } catch (ZipException e) {
      throw UserError.of("the gzip file is damaged: " + e.getMessage())
          .at(file)
          .mend("download the file again")
          .because(e);
    } catch (IOException e) {
      throw UserError.of("cannot read the file: " + e.getMessage()).at(file).because(e);
    }
  }

  private static UserError truncated(Path file, String rule) {
    return UserError.of("the file is cut short")
        .at(file)
        .rule(rule)
        .mend("download the file again");
  }

  /** Looks at the first two bytes: some copies are gzipped without the name saying so. */
  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    in.mark(2);
    boolean zipped = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return zipped ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in;
  }

  /** Grey pictures in memory; the id is {@code train/0} … or {@code test/0} …. */
  private record IdxDataset(String name, List<Part> parts, List<String> classNames)
      implements Dataset {
    IdxDataset(String name, List<Part> parts) {
      this(name, parts, digits(parts));
    }

    private static List<String> digits(List<Part> parts) {
      int largest = 0;
      for (Part part : parts) {
        for (byte label : part.labels) {
          largest = Math.max(largest, label & 0xff);
        }
      }
      return IntStream.rangeClosed(0, largest).mapToObj(String::valueOf).toList();
    }

    @Override
    public int size() {
      return parts.stream().mapToInt(Part::count).sum();
    }

    private Part part(int i) {
      return i < parts.get(0).count ? parts.get(0) : parts.get(1);
    }

    private int within(int i) {
      return i < parts.get(0).count ? i : i - parts.get(0).count;
    }

    @Override
    public String id(int i) {
      return (split(i) == Split.TRAIN ? "train/" : "test/") + within(i);
    }

    @Override
    public Split split(int i) {
      return part(i).split;
    }

    @Override
    public int label(int i) {
      return part(i).labels[within(i)] & 0xff;
    }

    @Override
    public Optional<Attributes> attributes() {
      return Optional.empty();
    }

    @Override
    public Image image(int i) {
      Part part = part(i);
      byte[] pixels = new byte[part.rows * part.columns];
      System.arraycopy(part.pixels, within(i) * pixels.length, pixels, 0, pixels.length);
      return new Image(part.columns, part.rows, 1, pixels);
    }
  }
}

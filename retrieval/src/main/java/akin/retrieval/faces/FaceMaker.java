package akin.retrieval.faces;

import akin.retrieval.data.Image;
import akin.retrieval.data.ImageCodec;
import akin.retrieval.data.Parallel;
import akin.retrieval.data.Split;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * Makes a data set of drawn faces in CelebA's layout. Attributes are drawn first, with believable
 * correlations ({@link FaceTraits}), then a face that shows them; position, size, pose,
 * proportions, colours, light, background, softness and noise vary freely.
 *
 * <p>The list of attributes names those that a drawing can show, in CelebA's order: all but
 * Attractive ({@link FaceAttribute}). Face i depends on the seed and i alone, so that a longer data
 * set begins with the shorter one, and any number of threads writes the same bytes.
 *
 * @param count how many faces
 * @param size width and height of a picture in pixels
 * @param seed another seed, other faces
 */
public record FaceMaker(int count, int size, long seed) {
  /** High enough that JPEG's own traces stay below the grain that is drawn in. */
  private static final double QUALITY = 0.95;

  /** A drawn face and what it shows. */
  public record Face(FaceTraits traits, Image image) {}

  /** Checks the sizes. */
  public FaceMaker {
    if (count < 10) {
      throw UserError.of("too few faces: " + count)
          .rule("a tenth of the faces is the validation split, a tenth the test split")
          .mend("ask for at least 10");
    }
    if (size < 16 || size > 4096) {
      throw UserError.of("no face can be drawn in " + size + " pixels").rule("16 to 4096");
    }
  }

  /** The attributes of face {@code i}. */
  public FaceTraits traits(int i) {
    return FaceTraits.sample(stream(i));
  }

  /** Face {@code i}, drawn. */
  public Face face(int i) {
    FaceTraits traits = traits(i);
    return new Face(traits, FacePainter.paint(traits, stream(i), size));
  }

  /** The first eight tenths are for training, one for validation, one for testing. */
  public Split split(int i) {
    return i < count * 8L / 10 ? Split.TRAIN : i < count * 9L / 10 ? Split.VALIDATION : Split.TEST;
  }

  RandomStream stream(int i) {
    return RandomStream.of(seed, "faces").child(i);
  }

  /**
   * Writes the data set: {@code Anno/list_attr_celeba.txt}, {@code Eval/list_eval_partition.txt},
   * {@code Img/img_align_celeba/000001.jpg} and so on, and a README with the licence. The folder
   * appears under its name only when all of it is there.
   *
   * @param folder must be absent or empty
   * @param progress told after each face how many are done, from any thread
   * @throws UserError if the folder holds something or cannot be written
   */
  public void write(Path folder, int threads, IntConsumer progress) {
    Path target = folder.toAbsolutePath().normalize();
    Path part = target.resolveSibling("." + target.getFileName() + ".part");
    try {
      if (Files.exists(target) && !isEmptyFolder(target)) {
        throw UserError.of("the folder is not empty")
            .at(folder)
            .rule("faces are written into a new folder, and nothing is overwritten")
            .mend("choose another folder, or delete this one");
      }
      deleteTree(part);
      Path pictures = Files.createDirectories(part.resolve("Img/img_align_celeba"));
      AtomicInteger done = new AtomicInteger();
      Parallel.forEach(
          count,
          threads,
          i -> {
            writePicture(pictures.resolve(name(i)), face(i).image());
            progress.accept(done.incrementAndGet());
          });
      writeText(part.resolve("Anno/list_attr_celeba.txt"), attributeList());
      writeText(part.resolve("Eval/list_eval_partition.txt"), partitionList());
      writeText(part.resolve("README.md"), readme());
      Files.deleteIfExists(target);
      Files.move(part, target);
    } catch (IOException e) {
      throw failed(folder, e);
    } finally {
      try {
        deleteTree(part);
      } catch (IOException ignored) {
        // It bears a hidden name, and the next run deletes it.
      }
    }
  }

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.walk(folder)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }

  private static UserError failed(Path where, IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return UserError.of("cannot write the faces: " + reason)
        .at(where)
        .mend("free some space or choose another folder")
        .because(e);
  }

  private static void writePicture(Path file, Image image) {
    try {
      Files.write(file, ImageCodec.jpeg(image, QUALITY));
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static void writeText(Path file, CharSequence text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String name(int i) {
    return String.format(Locale.ROOT, "%06d.jpg", i + 1);
  }

  private CharSequence attributeList() {
    StringBuilder text = new StringBuilder().append(count).append('\n');
    for (FaceAttribute attribute : FaceAttribute.values()) {
      text.append(attribute.celebaName()).append(' ');
    }
    text.append('\n');
    for (int i = 0; i < count; i++) {
      text.append(name(i));
      FaceTraits traits = traits(i);
      for (FaceAttribute attribute : FaceAttribute.values()) {
        text.append(traits.has(attribute) ? "  1" : " -1");
      }
      text.append('\n');
    }
    return text;
  }

  private CharSequence partitionList() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int part =
          switch (split(i)) {
            case TRAIN -> 0;
            case VALIDATION -> 1;
            default -> 2;
          };
      text.append(name(i)).append(' ').append(part).append('\n');
    }
    return text;
  }

  private String readme() {
    int[] holds = new int[FaceAttribute.values().length];
    for (int i = 0; i < count; i++) {
      for (FaceAttribute attribute : traits(i).present()) {
        holds[attribute.ordinal()]++;
      }
    }
    StringBuilder rows = new StringBuilder();
    double sum = 0;
    for (FaceAttribute attribute : FaceAttribute.values()) {
      double share = 100.0 * holds[attribute.ordinal()] / count;
      sum += share;
      rows.append(String.format(Locale.ROOT, "| %s | %.1f |%n", attribute.celebaName(), share));
    }
    return """
        # Drawn faces

        %d faces of %d x %d pixels, drawn by Akin with seed %d: `akin data make faces`.
        Nobody is shown: every face is made of shapes, and its attributes were drawn by lot first.

        The layout and the attributes' names are CelebA's (`Anno/list_attr_celeba.txt`,
        `Eval/list_eval_partition.txt`, `Img/img_align_celeba/`). Of CelebA's 40 attributes the list
        names the %d that can be seen in the drawings; Attractive cannot be drawn.
        0 in the partition is train, 1 validation, 2 test.

        Licence: CC0 1.0, public domain. Do with them what you like.

        ## How often each attribute holds, in percent

        | attribute | %% |
        |---|---|
        %s| mean | %.1f |
        """
        .formatted(count, size, size, seed, holds.length, rows, sum / holds.length);
  }
}

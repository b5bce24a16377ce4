package akin.retrieval.pretrained;

import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.FeatureFile;
import akin.retrieval.data.Features;
import akin.retrieval.data.Parallel;
import akin.retrieval.data.Preprocessing;
import akin.tensor.UserError;
import akin.tensor.backend.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Shows every picture of a data set to a pretrained backbone, once. Pictures are read as they are
 * needed, decoded on all threads, and forgotten; finished rows go to a file beside the result, so
 * that an extraction that was killed goes on where it was. The outcome is the same, to the bit.
 */
public final class Extraction {
  private static final int BATCH = 32;

  private final FeatureNetwork network;
  private final Session session;

  /** An extraction by this network. */
  public Extraction(FeatureNetwork network, Session session) {
    this.network = network;
    this.session = session;
  }

  /**
   * What was done.
   *
   * @param features of all pictures, in the data set's order
   * @param resumed how many of them were found finished
   * @param seconds the rest took
   */
  public record Result(Features features, int resumed, double seconds) {
    /** Pictures a second, reading and decoding included. */
    public double rate() {
      return (features.rows().count() - resumed) / seconds;
    }
  }

  /**
   * Extracts into a file.
   *
   * @throws UserError if a picture cannot be read or the file not be written; what is finished
   *     stays, and the next try goes on from there
   */
  public Result into(Path file, Dataset pictures) {
    Path beside = file.toAbsolutePath().resolveSibling("." + file.getFileName() + ".rows");
    long start = System.nanoTime();
    try (PartialRows rows =
        PartialRows.open(beside, network.source(), pictures, network.width(), BATCH)) {
      int resumed = rows.count();
      if (resumed > 0) {
        session.progress().say("going on after " + resumed + " pictures of " + pictures.size());
      }
      extract(pictures, rows);
      Features features =
          new Features(network.source(), Vectors.of(rows.all(), pictures.size(), network.width()));
      FeatureFile.write(file, pictures, features);
      Files.deleteIfExists(beside);
      return new Result(features, resumed, (System.nanoTime() - start) / 1e9);
    } catch (IOException e) {
      throw UserError.of("cannot write the file: " + e.getMessage())
          .at(beside)
          .mend("free some space or choose another folder")
          .because(e);
    }
  }

  private void extract(Dataset pictures, PartialRows rows) throws IOException {
    Preprocessing preprocessing = network.preprocessing();
    float[] inputs = new float[Math.multiplyExact(BATCH, preprocessing.length())];
    long start = System.nanoTime();
    int before = rows.count();
    try (Progress.Bar bar = session.progress().start("extracting", pictures.size())) {
      bar.advance(before);
      while (rows.count() < pictures.size()) {
        int from = rows.count();
        int count = Math.min(BATCH, pictures.size() - from);
        float[] batch = count == BATCH ? inputs : new float[count * preprocessing.length()];
        Parallel.forEach(
            count,
            session.threads(),
            i -> pictures.load(from + i, preprocessing, batch, i * preprocessing.length()));
        rows.append(network.features(batch, count));
        bar.advance(count);
        double seconds = (System.nanoTime() - start) / 1e9;
        bar.note(String.format(Locale.ROOT, "%.1f images/s", (rows.count() - before) / seconds));
      }
    }
  }
}

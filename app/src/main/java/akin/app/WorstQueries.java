package akin.app;

import akin.app.report.Block;
import akin.app.report.GalleryPicture;
import akin.app.report.Report;
import akin.nn.io.AtomicFile;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Image;
import akin.retrieval.data.ImageCodec;
import akin.retrieval.evaluation.ClassEvaluation;
import akin.retrieval.evaluation.Sides;
import akin.retrieval.search.Evaluation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows the queries with the lowest AP, each with the pictures that it finds. */
final class WorstQueries {
  private static final int TILE = 72;
  private static final double JPEG_QUALITY = 0.85;

  private WorstQueries() {}

  /** The queries in rows, as those of {@code akin query}. */
  static Block.Gallery gallery(ClassEvaluation.Found found) {
    Sides sides = found.sides();
    int[] asked = sides.queryClasses();
    int[] classes = sides.galleryClasses();
    List<Block.Row> rows = new ArrayList<>();
    for (ClassEvaluation.Worst worst : found.worst()) {
      List<Block.Hit> hits = new ArrayList<>();
      for (int i = 0; i < worst.rows().length; i++) {
        int row = worst.rows()[i];
        boolean relevant = classes[row] == asked[worst.query()];
        Dataset gallery = sides.gallery();
        hits.add(
            new Block.Hit(gallery.id(row), gallery.image(row), worst.distances()[i], relevant));
      }
      Dataset queries = sides.queries();
      String name = queries.classNames().get(queries.label(worst.query()));
      String note = String.format(Locale.ROOT, "AP %.3f; %s", worst.precision(), name);
      rows.add(new Block.Row(queries.id(worst.query()), note, queries.image(worst.query()), hits));
    }
    return new Block.Gallery(
        "The queries with the lowest AP, worst first; ✓ is of the query's class, ✗ is not", rows);
  }

  /** Writes them as a page. */
  static void page(Path file, Evaluation.Result result) {
    Block shown = gallery(result.found());
    new Report("Akin: worst queries", result.name(), List.of(Report.Section.of("Lowest AP", shown)))
        .write(file);
  }

  /** Draws them into one picture, JPEG or PNG; each row begins with the query itself. */
  static void picture(Path file, Evaluation.Result result) {
    List<Block.Row> rows = new ArrayList<>();
    for (Block.Row row : gallery(result.found()).rows()) {
      List<Block.Hit> withQuery = new ArrayList<>();
      withQuery.add(new Block.Hit(row.query(), row.picture(), 0, null));
      withQuery.addAll(row.hits());
      rows.add(new Block.Row(row.query(), row.note(), null, withQuery));
    }
    int most = rows.stream().mapToInt(row -> row.hits().size()).max().orElse(1);
    Image sheet = new GalleryPicture(TILE, most).draw(new Block.Gallery("", rows));
    boolean jpeg = file.toString().toLowerCase(Locale.ROOT).matches(".*\\.jpe?g");
    byte[] bytes = jpeg ? ImageCodec.jpeg(sheet, JPEG_QUALITY) : ImageCodec.png(sheet);
    AtomicFile.write(file, out -> out.write(bytes));
  }
}

package akin.tests;

import akin.tensor.RandomStream;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Searcher.Filter;
import akin.tensor.backend.Vectors;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Searches a gallery of 400,000 bytes on a card that holds it, and on one of 256 KiB, through which
 * it streams for each group of queries.
 */
final class StandInGallery {
  private static final int ROWS = 2_500;
  private static final int WIDTH = 40;
  private static final int QUERIES = 5;
  private static final String SMALL = Integer.toString(256 << 10);

  /** Fewer than are kept while rows are measured, more, and more than there are. */
  private static final int[] WANTED = {3, 40, ROWS + 1};

  private final float[] rows = new float[ROWS * WIDTH];

  StandInGallery() {
    RandomStream numbers = RandomStream.of(1, "gallery");
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) numbers.gaussian(i);
    }
    int ties = 7 * WIDTH;
    System.arraycopy(rows, 0, rows, rows.length - ties, ties); // in the first piece and the last
    rows[ROWS / 2 * WIDTH] = Float.NaN;
  }

  /** Answers, floats by their bits, and how often the gallery was read for them. */
  private record Told(int[] answers, long readings) {}

  /** Whether both cards say the same, and how often each of them read the gallery. */
  String compared(Distance f) {
    Told whole = told(f);
    StandInCard.configure("AKIN_STANDIN_MEMORY", SMALL);
    Told pieces = told(f);
    StandInCard.configure("AKIN_STANDIN_MEMORY", "");
    boolean same = Arrays.equals(whole.answers, pieces.answers);
    return (same ? "the same" : "other")
        + " answers, gallery read whole: "
        + whole.readings
        + ", in pieces: "
        + pieces.readings;
  }

  /** Opens the card as it is now, and asks everything. */
  private Told told(Distance f) {
    AtomicLong read = new AtomicLong();
    IntStream.Builder answers = IntStream.builder();
    float[] queries = Arrays.copyOf(rows, QUERIES * WIDTH);
    try (Backend cuda = Backends.open("cuda", 1);
        Searcher searcher = cuda.searcher(new Counted(read), f, SearchForm.FLOAT32)) {
      for (int k : WANTED) {
        for (Filter filter : new Filter[] {null, (query, row) -> (row + query) % 3 != 0}) {
          int[] nearest = new int[QUERIES * k];
          float[] far = new float[QUERIES * k];
          searcher.topK(queries, QUERIES, k, filter, nearest, far);
          IntStream.of(nearest).forEach(answers);
          add(far, answers);
        }
      }
      float[] all = new float[QUERIES * ROWS];
      searcher.distances(queries, QUERIES, all);
      add(all, answers);
    }
    return new Told(answers.build().toArray(), read.get() / ROWS);
  }

  private static void add(float[] numbers, IntStream.Builder answers) {
    for (float x : numbers) {
      answers.add(Float.floatToRawIntBits(x));
    }
  }

  /** The gallery; counts which of its rows are asked for. */
  private final class Counted implements Vectors {
    private final AtomicLong read;

    Counted(AtomicLong read) {
      this.read = read;
    }

    @Override
    public int count() {
      return ROWS;
    }

    @Override
    public int width() {
      return WIDTH;
    }

    @Override
    public void read(int first, int n, float[] to, int at) {
      read.addAndGet(n);
      System.arraycopy(rows, first * WIDTH, to, at, n * WIDTH);
    }
  }
}

package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Activation;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Normalize;
import akin.nn.Sequential;
import akin.nn.metric.AllTripletsLoss;
import akin.nn.metric.LabelLoss;
import akin.nn.optim.Adam;
import akin.nn.optim.Optimizer;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's lines of Java are these ones, and they learn. */
class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("akin.root"));

  /** Two rings, one inside the other: no straight line parts them. */
  private static double[] rings(int n) {
    RandomStream stream = RandomStream.of(1, "rings");
    double[] points = new double[2 * n];
    for (int i = 0; i < n; i++) {
      double angle = 2 * Math.PI * stream.uniform(i);
      points[2 * i] = (1 + i % 2) * Math.cos(angle);
      points[2 * i + 1] = (1 + i % 2) * Math.sin(angle);
    }
    return points;
  }

  @Test
  void linesOfJavaLearn() {
    int n = 64;
    double[] points = rings(n);
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % 2;
    }
    try (Backend backend = Backends.open("cpu", 1)) {
      // begin: the README's lines
      Layer net =
          new Sequential(new Linear(2, 64), Activation.relu(), new Linear(64, 8), new Normalize());
      net.initialise(backend, 1);
      Optimizer optimizer = new Optimizer(net, Adam.of(0.01));
      LabelLoss loss = AllTripletsLoss.of(0.5);
      for (int step = 0; step < 100; step++) {
        try (Tape tape = Tape.open(backend)) {
          Tensor embeddings = net.apply(Tensor.of(Shape.of(n, 2), points));
          optimizer.step(tape.backward(loss.of(embeddings, labels).value()));
        }
      }
      // end
      try (Tape tape = Tape.open(backend)) {
        float[] e = net.apply(Tensor.of(Shape.of(n, 2), points)).toFloats();
        assertEquals(n, nearestOfTheSameKind(e, labels), "points whose nearest is of their ring");
      }
      optimizer.close();
      net.close();
    }
  }

  private static int nearestOfTheSameKind(float[] e, int[] labels) {
    int n = labels.length;
    int d = e.length / n;
    int right = 0;
    for (int i = 0; i < n; i++) {
      int nearest = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int k = 0; k < d; k++) {
          sum += (e[i * d + k] - e[j * d + k]) * (e[i * d + k] - e[j * d + k]);
        }
        if (j != i && sum < least) {
          least = sum;
          nearest = j;
        }
      }
      right += labels[nearest] == labels[i] ? 1 : 0;
    }
    return right;
  }

  @Test
  void linesOfJavaStandInTheReadme() throws IOException {
    String here = Files.readString(ROOT.resolve("tests/src/test/java/akin/tests/ReadmeTest.java"));
    String lines = between(here, "// begin: the README's lines\n", "// end\n");
    String readme = between(Files.readString(ROOT.resolve("README.md")), "```java\n", "```\n");
    assertEquals(words(lines), words(readme));
  }

  /** Links lead somewhere, and so do the files and folders that are named. */
  @Test
  void pagesNameWhatIsThere() throws IOException {
    List<Path> pages;
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      pages =
          Stream.concat(
                  Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                  docs.filter(page -> page.toString().endsWith(".md")).sorted())
              .toList();
    }
    int links = 0;
    for (Path page : pages) {
      Matcher link = Pattern.compile("]\\(([^)#:]+)\\)").matcher(Files.readString(page));
      while (link.find()) {
        links++;
        Path target = page.resolveSibling(link.group(1));
        assertTrue(Files.exists(target), page.getFileName() + " links to " + link.group(1));
      }
    }
    assertTrue(links >= 5, "only " + links + " links were followed");
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf(end, from));
  }

  private static String words(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}

package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbone;
import akin.tensor.Inference;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * SigLIP So400m, 428 million weights, embeds a picture of 384 pixels within 6 GiB: the weights,
 * their packed form in the plan, and what lies between operators. It is built and run in a Java
 * machine whose heap is smaller, which holds all tensors.
 */
class LargeEncoderTest {
  private static final double LIMIT = 6;

  @Test
  void so400mEmbedsAPictureWithinSixGibibytes() throws Exception {
    List<String> options = new ArrayList<>(ChildJvm.VECTORS);
    options.addAll(List.of("-Xmx4500m", "-XX:+UseParallelGC"));
    List<String> lines = ChildJvm.lines(options, Run.class);
    assertEquals("428225600 weights, 1152 numbers, all finite", lines.get(0));
    System.out.println(lines);
    double peak = Double.parseDouble(lines.get(1));
    assertTrue(peak < LIMIT, "GiB at most: " + peak);
  }

  /** Prints the network's size and the process's peak in GiB; 0 where the system does not tell. */
  static final class Run {
    public static void main(String[] args) throws IOException {
      try (Backend backend = Backends.open("cpu", 1);
          Backbone network = Architecture.parse("vit_so400m_patch14_siglip classes=0").create()) {
        network.initialise(backend, 1);
        network.eval();
        Shape shape = Shape.of(1, 3, 384, 384);
        float[] picture = new float[Math.toIntExact(shape.count())];
        for (int i = 0; i < picture.length; i++) {
          picture[i] = (float) Math.sin(0.01 * i);
        }
        try (Scope scope = Scope.open(backend);
            Inference inference = Inference.of(network::features)) {
          float[] feature = inference.apply(Tensor.of(shape, picture)).toFloats();
          boolean finite = true;
          for (float value : feature) {
            finite &= Float.isFinite(value);
          }
          System.out.printf(
              "%d weights, %d numbers, %s%n",
              network.parameterCount(), feature.length, finite ? "all finite" : "not all finite");
        }
      }
      System.out.println(peak());
    }

    private static double peak() throws IOException {
      Path status = Path.of("/proc/self/status");
      if (!Files.isReadable(status)) {
        return 0;
      }
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Arrays.asList(line.split("\\s+")).get(1))
          .mapToDouble(kibibytes -> Double.parseDouble(kibibytes) / (1 << 20))
          .findFirst()
          .orElse(0);
    }
  }
}

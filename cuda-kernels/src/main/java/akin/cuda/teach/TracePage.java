package akin.cuda.teach;

import akin.cuda.device.Grid;
import akin.cuda.sim.ptx.Instruction;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A trace as a page to project: one file, which fetches nothing. */
final class TracePage {
  private TracePage() {}

  private record Line(int number, String text) {}

  /** What the page's script reads. */
  private record Data(
      String kernel,
      String what,
      String launch,
      String file,
      List<Line> source,
      List<Line> ptx,
      List<WarpTrace.Moment> steps,
      boolean cut) {}

  static String of(CudaKernel kernel, Grid grid, WarpTrace trace, int[] block, int warp) {
    Data data =
        new Data(
            kernel.name(),
            kernel.about(),
            "%s · block %d,%d · warp %d".formatted(TraceText.grid(grid), block[0], block[1], warp),
            kernel.file().stem() + ".cu",
            lines(kernel.file().source(), 1, Integer.MAX_VALUE),
            ptx(kernel),
            trace.moments(),
            trace.moments().size() < trace.total());
    // The order matters: what a part brings with it is not looked into again.
    return resource("trace.html")
        .replace("{{TITLE}}", kernel.name())
        .replace("{{STYLE}}", resource("trace.css"))
        .replace("{{SCRIPT}}", resource("trace.js"))
        .replace("{{DATA}}", json(data));
  }

  /** The kernel's instructions and labels. */
  private static List<Line> ptx(CudaKernel kernel) {
    List<Instruction> body = kernel.function().body();
    int last = body.stream().mapToInt(Instruction::line).max().orElse(1);
    return lines(kernel.file().ptx(), body.get(0).line(), last).stream()
        .filter(l -> !l.text().isBlank())
        .filter(l -> !l.text().strip().matches("(\\.(loc|pragma|reg)|//|\\$L__(tmp|info)).*"))
        .toList();
  }

  private static List<Line> lines(String text, int first, int last) {
    List<String> all = text.lines().toList();
    List<Line> lines = new ArrayList<>();
    for (int i = first; i <= Math.min(last, all.size()); i++) {
      lines.add(new Line(i, all.get(i - 1)));
    }
    return lines;
  }

  /** As JSON that may stand within a script element. */
  private static String json(Data data) {
    try {
      return new ObjectMapper().writeValueAsString(data).replace("</", "<\\/");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a trace cannot be written as JSON", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = TracePage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

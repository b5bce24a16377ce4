package akin.cuda.teach;

import akin.cuda.device.Grid;
import akin.cuda.sim.exec.Warp;
import akin.tensor.command.Call;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A trace for the terminal. */
final class TraceText {
  private static final int COLUMNS = 8;

  private final Call call;
  private final CudaKernel kernel;
  private final Grid grid;
  private final WarpTrace trace;
  private final List<String> source;
  private final List<String> ptx;
  private final Map<String, LaneValues> registers = new HashMap<>();

  TraceText(Call call, CudaKernel kernel, Grid grid, WarpTrace trace) {
    this.call = call;
    this.kernel = kernel;
    this.grid = grid;
    this.trace = trace;
    source = kernel.file().source().lines().toList();
    ptx = kernel.file().ptx().lines().toList();
  }

  void print(int from, int count) {
    call.print("%s: %s", kernel.name(), kernel.about());
    call.print("%s", grid(grid));
    int line = 0;
    List<WarpTrace.Moment> steps = trace.moments();
    for (int i = 0; i < steps.size(); i++) {
      WarpTrace.Moment step = steps.get(i);
      if (i >= from - 1) {
        if (step.source() != line && step.source() != 0) {
          call.print("");
          call.print(
              "%s.cu:%d  %s",
              kernel.file().stem(), step.source(), source.get(step.source() - 1).strip());
        }
        line = step.source();
        print(i + 1, step);
      }
      step.written().forEach(w -> registers.put(w.name(), w));
    }
    if (steps.size() < trace.total()) {
      call.print("");
      call.print(
          "%d of %d steps; on with --from %d", steps.size(), trace.total(), steps.size() + 1);
    }
  }

  /** The launch in words. */
  static String grid(Grid grid) {
    String threads =
        grid.threadsY() == 1 ? "" + grid.threads() : grid.threads() + " × " + grid.threadsY();
    String blocks = grid.y() == 1 ? "" + grid.x() : grid.x() + " × " + grid.y();
    return blocks
        + (grid.x() * grid.y() == 1 ? " block of " : " blocks of ")
        + threads
        + " threads";
  }

  private void print(int number, WarpTrace.Moment step) {
    call.print(
        "%6d  %s  %s",
        number,
        lanes(step.active(), step.live()),
        ptx.get(step.line() - 1).strip().replaceAll("\\s+", " "));
    step.written().forEach(w -> print(w, "=", step.active()));
    if (step.access() != null) {
      print(step, step.access());
    }
  }

  /** A dot for each lane: at work, standing by, ended. */
  private static String lanes(int active, int live) {
    StringBuilder dots = new StringBuilder();
    for (int lane = 0; lane < Warp.LANES; lane++) {
      dots.append((active >>> lane & 1) != 0 ? '●' : (live >>> lane & 1) != 0 ? '○' : '·');
    }
    return dots.toString();
  }

  private void print(WarpTrace.Moment step, MemoryRequest access) {
    String cost =
        switch (access.space()) {
          case "global" -> ", %d sectors, %d needed".formatted(access.cost(), access.least());
          case "shared" ->
              ", %d turns of the banks, %d needed".formatted(access.cost(), access.least());
          default -> "";
        };
    call.print("        %s: %d bytes a lane%s", access.what(), access.bytes(), cost);
    for (String name : step.read()) {
      if (registers.containsKey(name)) {
        print(registers.get(name), "is", step.active());
      }
    }
  }

  private void print(LaneValues lanes, String verb, int active) {
    if (lanes.rule() != null) {
      call.print("        %s %s %s", lanes.name(), verb, lanes.rule());
      return;
    }
    int width = lanes.values().stream().mapToInt(String::length).max().orElse(0) + 2;
    for (int row = 0; row < Warp.LANES; row += COLUMNS) {
      StringBuilder text = new StringBuilder();
      for (int lane = row; lane < row + COLUMNS; lane++) {
        String value = (active >>> lane & 1) != 0 ? lanes.values().get(lane) : "·";
        text.append(" ".repeat(width - value.length())).append(value);
      }
      String name = row == 0 ? lanes.name() + " " + verb : "";
      call.print("        %-9s lanes %2d–%2d:%s", name, row, row + COLUMNS - 1, text);
    }
  }
}

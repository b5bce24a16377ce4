package akin.cuda.teach;

import akin.cuda.device.DeviceException;
import akin.cuda.device.Grid;
import akin.tensor.UserError;
import akin.tensor.command.Call;
import akin.tensor.command.Command;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code akin kernel trace}. */
final class KernelTrace implements Command {
  private static final int IN_THE_TERMINAL = 30;
  private static final int ON_A_PAGE = 2000;

  @Override
  public String name() {
    return "trace";
  }

  @Override
  public List<String> description() {
    return List.of(
        "Follows one warp of a kernel through an example on the PTX machine: the source, the PTX,"
            + " which lanes are at work, what registers hold, where memory is touched.",
        "With --html, as a page to project: one file that needs nothing else.");
  }

  @Override
  public List<Word> words() {
    return List.of(
        Word.needed("KERNEL", "A kernel of the list."),
        Word.option("--block", "X,Y", "0,0", "The block in the grid; 0,0 by default."),
        Word.option("--warp", "N", "0", "The warp in the block; 0, the first, by default."),
        Word.option("--from", "N", "1", "The first step that is printed; 1 by default."),
        Word.option(
            "--steps",
            "N",
            null,
            "How many steps; " + IN_THE_TERMINAL + ", or " + ON_A_PAGE + " on a page, by default."),
        KernelRun.SIZE,
        KernelRun.SEED,
        Word.option("--html", "FILE", null, "Write the page here."));
  }

  @Override
  public boolean run(Call call) {
    CudaKernel kernel = CudaKernel.named(call.value("KERNEL"), call);
    int[] block = block(call);
    int warp = call.number("--warp", 0);
    int from = call.number("--from", 1);
    String html = call.value("--html");
    int many = html == null ? IN_THE_TERMINAL : ON_A_PAGE;
    int count = call.value("--steps") == null ? many : call.number("--steps", 1);
    int most = Math.toIntExact(Math.min(Integer.MAX_VALUE, (long) from - 1 + count));
    WarpTrace trace = new WarpTrace(block[0], block[1], warp, most);
    FirstLaunch launch = new FirstLaunch(kernel.name(), trace);
    String fault = null;
    Stage stage = null;
    try {
      stage = Stage.show(kernel, KernelRun.size(call), KernelRun.seed(call), launch);
    } catch (DeviceException e) {
      if (e.kind() != DeviceException.Kind.KERNEL_FAULT || launch.launch() == null) {
        throw e; // not a fault of this kernel: there is nothing to follow
      }
      fault = e.getMessage();
    }
    Grid grid = launch.launch().grid();
    check(call, grid, block, warp);
    if (from > trace.total() && fault == null) {
      throw call.misused(
          UserError.of("there is no step " + from)
              .at("--from " + from)
              .rule("this warp ends after " + trace.total() + " steps, counted from 1"));
    }
    if (html == null) {
      new TraceText(call, kernel, grid, trace).print(from, count);
    }
    if (fault != null) {
      call.print("FAULT %s", fault);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kernel", kernel.name());
    json.put("example", stage == null ? null : stage.example().call());
    json.put("block", block);
    json.put("warp", warp);
    json.put("total", trace.total());
    json.put(
        "steps",
        trace
            .moments()
            .subList(Math.min(from - 1, trace.moments().size()), trace.moments().size()));
    if (html != null) {
      call.write(Path.of(html), TracePage.of(kernel, grid, trace, block, warp));
      call.print("page %s", html);
      json.put("html", html);
    }
    call.result(json);
    return fault == null;
  }

  private static int[] block(Call call) {
    String given = call.value("--block");
    if (!given.matches("[0-9]{1,9}(,[0-9]{1,5})?")) {
      throw call.misused(
          UserError.of("'" + given + "' is no block")
              .at("--block")
              .rule("its place along the grid's two axes from 0, such as 3,0"));
    }
    String[] parts = given.split(",");
    return new int[] {
      Integer.parseInt(parts[0]), parts.length > 1 ? Integer.parseInt(parts[1]) : 0
    };
  }

  private static void check(Call call, Grid grid, int[] block, int warp) {
    if (block[0] >= grid.x() || block[1] >= grid.y()) {
      throw call.misused(
          UserError.of("there is no block " + block[0] + "," + block[1])
              .at("--block " + call.value("--block"))
              .rule(
                  "the example's grid has %d × %d blocks, counted from 0"
                      .formatted(grid.x(), grid.y()))
              .mend("a smaller number, or a larger --size"));
    }
    int warps = (grid.threads() * grid.threadsY() + 31) / 32;
    if (warp >= warps) {
      throw call.misused(
          UserError.of("there is no warp " + warp)
              .at("--warp " + warp)
              .rule("a block of this kernel has " + warps + " warps, counted from 0"));
    }
  }
}

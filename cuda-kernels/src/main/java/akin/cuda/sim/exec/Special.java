package akin.cuda.sim.exec;

import akin.cuda.device.Grid;
import java.util.Map;

/** Registers whose content the card gives: constant while a block runs. */
final class Special {
  /** The value in a lane. */
  interface Value {
    long of(Warp warp, int lane);
  }

  /** What a block that PTX calls {@code %…} holds, by name. */
  private static final Map<String, Value> VALUES =
      Map.ofEntries(
          Map.entry("%tid.x", (w, lane) -> w.thread(lane) % grid(w).threads()),
          Map.entry("%tid.y", (w, lane) -> w.thread(lane) / grid(w).threads()),
          Map.entry("%tid.z", (w, lane) -> 0),
          Map.entry("%ntid.x", (w, lane) -> grid(w).threads()),
          Map.entry("%ntid.y", (w, lane) -> grid(w).threadsY()),
          Map.entry("%ntid.z", (w, lane) -> 1),
          Map.entry("%ctaid.x", (w, lane) -> w.block().x()),
          Map.entry("%ctaid.y", (w, lane) -> w.block().y()),
          Map.entry("%ctaid.z", (w, lane) -> 0),
          Map.entry("%nctaid.x", (w, lane) -> grid(w).x()),
          Map.entry("%nctaid.y", (w, lane) -> grid(w).y()),
          Map.entry("%nctaid.z", (w, lane) -> 1),
          Map.entry("%laneid", (w, lane) -> lane),
          Map.entry("%warpid", (w, lane) -> w.index()),
          Map.entry("%nwarpid", (w, lane) -> 32),
          Map.entry("%smid", (w, lane) -> 0),
          Map.entry("%nsmid", (w, lane) -> 1),
          Map.entry("%gridid", (w, lane) -> 0),
          Map.entry("%lanemask_eq", (w, lane) -> 1 << lane),
          Map.entry("%lanemask_lt", (w, lane) -> (1 << lane) - 1),
          Map.entry("%lanemask_le", (w, lane) -> (2 << lane) - 1),
          Map.entry("%lanemask_gt", (w, lane) -> -2 << lane),
          Map.entry("%lanemask_ge", (w, lane) -> -1 << lane),
          Map.entry("%dynamic_smem_size", (w, lane) -> w.block().launch().grid().sharedBytes()));

  private Special() {}

  /** The register of that name, or null if the machine has none such. */
  static Value of(String name) {
    return VALUES.get(name);
  }

  private static Grid grid(Warp warp) {
    return warp.block().launch().grid();
  }
}

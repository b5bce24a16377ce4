package akin.cuda.planted;

import akin.cuda.CudaBackend;
import akin.cuda.device.Device;
import akin.cuda.kernel.KernelFile;
import akin.cuda.planted.CaseTable.Use;
import akin.cuda.sim.SimDevice;
import akin.cuda.sim.memory.FaultKind;
import akin.cuda.sim.ptx.Module;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What became of a mutant.
 *
 * @param how a fault's kind, {@code WRONG_RESULT} if the contract's comparison found it, or null if
 *     nothing did
 * @param text what was said about it
 */
record Trial(String how, String text) {
  static final String WRONG_RESULT = "WRONG_RESULT";

  private static final long MEMORY = 256 << 20;

  /** More steps of a warp than any chosen case needs. */
  private static final long LIMIT = 200_000;

  /** What a fault tells of its place: kernel, source line, block and thread. */
  private static final Pattern PLACE =
      Pattern.compile(
          ": \\w+: [^:]+: .*\n  at \\w+\\.cu:\\d+, PTX line \\d+: .*\n  block \\d+,\\d+ thread \\d+,\\d+ \\(");

  /** Tries kernels, among them one with a mistake, on cases until one notices. */
  static Trial of(Function<KernelFile, Module> modules, List<Use> cases) {
    for (Use use : cases) {
      Device card = use.on(SimDevice.trying(modules, MEMORY, LIMIT));
      try (Backend backend = new CudaBackend("sim", card, MEMORY);
          Backend reference = new ReferenceBackend()) {
        List<String> failures = use.trial().compare(backend, reference).failures();
        if (!failures.isEmpty()) {
          return new Trial(how(failures.get(0)), failures.get(0));
        }
      }
    }
    return new Trial(null, "");
  }

  boolean caught() {
    return how != null;
  }

  /** Whether a fault, if it is one, names a kernel, its source line, the block and the thread. */
  boolean tellsWhere() {
    return how.equals(WRONG_RESULT) || PLACE.matcher(text).find();
  }

  private static String how(String failure) {
    for (FaultKind kind : FaultKind.values()) {
      if (failure.contains(": " + kind + ": ")) {
        return kind.name();
      }
    }
    return WRONG_RESULT;
  }
}

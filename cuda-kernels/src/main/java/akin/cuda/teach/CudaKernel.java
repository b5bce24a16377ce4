package akin.cuda.teach;

import akin.cuda.kernel.KernelFile;
import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Parser;
import akin.cuda.sim.ptx.Space;
import akin.cuda.sim.ptx.Variable;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import akin.tensor.command.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A kernel of Akin, as it stands in its files.
 *
 * @param file it stands in
 * @param function its PTX
 * @param about what it computes, in a sentence of {@link KernelComments}
 */
record CudaKernel(KernelFile file, Function function, String about) {
  private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)");

  /** All kernels of a file, in its order. */
  static List<CudaKernel> of(KernelFile file) {
    KernelComments comments = new KernelComments(file.source());
    return Parser.parse(file.ptx())
        .entries()
        .map(f -> new CudaKernel(file, f, comments.about(f.name())))
        .toList();
  }

  /** The kernel of a name that the user gave; only its file is read as PTX. */
  static CudaKernel named(String name, Call call) {
    List<String> names = new ArrayList<>();
    for (KernelFile file : KernelFile.values()) {
      List<String> own = ENTRY.matcher(file.ptx()).results().map(entry -> entry.group(1)).toList();
      if (own.contains(name)) {
        return of(file).get(own.indexOf(name));
      }
      names.addAll(own);
    }
    throw call.misused(
        UserError.of("there is no kernel " + name).mend(NearestName.hint(name, names)));
  }

  String name() {
    return function.name();
  }

  int instructions() {
    return function.body().size();
  }

  /** Shared memory of a block, in bytes, beside what a launch adds. */
  int sharedBytes() {
    return function.variables().stream()
        .filter(v -> v.space() == Space.SHARED)
        .mapToInt(Variable::bytes)
        .sum();
  }

  /** The types of its parameters. */
  List<String> parameters() {
    return function.parameters().stream().map(p -> p.type().toString()).toList();
  }
}

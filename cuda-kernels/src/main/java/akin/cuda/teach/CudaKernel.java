package akin.cuda.teach;

import akin.cuda.kernel.KernelFile;
import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Parser;
import akin.cuda.sim.ptx.Source;
import akin.cuda.sim.ptx.Space;
import akin.cuda.sim.ptx.Variable;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import akin.tensor.command.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A kernel of Akin, as it stands in its files.
 *
 * @param file it stands in
 * @param function its PTX
 * @param about what it computes: the first sentence of the comment above it, or the line that makes
 *     it where a macro does
 */
record CudaKernel(KernelFile file, Function function, String about) {
  private static final int LONGEST = 160;
  private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)");

  /** All kernels of a file, in its order. */
  static List<CudaKernel> of(KernelFile file) {
    List<String> source = file.source().lines().toList();
    return Parser.parse(file.ptx())
        .entries()
        .map(f -> new CudaKernel(file, f, about(source, definition(f))))
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

  /** The line of the source on which the kernel's definition begins: that of its first step. */
  private static int definition(Function function) {
    return function.body().stream()
        .map(Instruction::source)
        .filter(Objects::nonNull)
        .mapToInt(Source::line)
        .findFirst()
        .orElse(1);
  }

  private static String about(List<String> source, int definition) {
    String line = source.get(definition - 1);
    int end = definition - 1;
    // The comment may stand above a function that several kernels share, but not above a macro.
    while (end > 0 && !isComment(source.get(end - 1)) && line.startsWith("extern")) {
      end--;
    }
    int start = end;
    while (start > 0 && isComment(source.get(start - 1))) {
      start--;
    }
    if (start == end) {
      return line.strip();
    }
    String text =
        source.subList(start, end).stream()
            .map(l -> l.substring(2).strip())
            .collect(Collectors.joining(" "));
    String sentence = text.split("(?<=\\.)\\s", 2)[0];
    return sentence.length() > LONGEST ? sentence.substring(0, LONGEST - 1) + "…" : sentence;
  }

  private static boolean isComment(String line) {
    return line.startsWith("//") && !line.startsWith("// --");
  }
}

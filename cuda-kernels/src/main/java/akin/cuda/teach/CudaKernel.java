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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A kernel of Akin, as it stands in its files.
 *
 * @param file it stands in
 * @param function its PTX
 * @param about what it computes: the first sentence of the comment above it, or above what it hands
 *     over to, or of its file; or the line that makes it where a macro does
 */
record CudaKernel(KernelFile file, Function function, String about) {
  private static final int LONGEST = 160;
  private static final Pattern CALL = Pattern.compile("(\\w+)(?:<[^<>]*>)?\\(");
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
    String own = commentAbove(source, definition - 1);
    if (!own.isEmpty() || !line.startsWith("extern")) {
      return own.isEmpty() ? line.strip() : sentence(own, "\\.");
    }
    // What it hands over to may be shared by several kernels, and explained there.
    for (int i = definition; i < source.size() && !source.get(i).startsWith("}"); i++) {
      Matcher call = CALL.matcher(source.get(i));
      while (call.find()) {
        String shared = " void " + call.group(1) + "(";
        for (int at = 0; at < source.size(); at++) {
          if (source.get(at).contains(shared) && !commentAbove(source, at).isEmpty()) {
            return sentence(commentAbove(source, at), "\\.");
          }
        }
      }
    }
    int head = 0;
    while (isComment(source.get(head))) {
      head++;
    }
    return sentence(commentAbove(source, head), "[.:]");
  }

  /** The comment that ends above a line, or above the line that makes a template of it. */
  private static String commentAbove(List<String> source, int line) {
    int end = line > 0 && source.get(line - 1).startsWith("template") ? line - 1 : line;
    int start = end;
    while (start > 0 && isComment(source.get(start - 1))) {
      start--;
    }
    return source.subList(start, end).stream()
        .map(l -> l.substring(2).strip())
        .collect(Collectors.joining(" "));
  }

  private static String sentence(String text, String end) {
    String first = text.split("(?<=" + end + ")\\s", 2)[0].replaceAll(":$", ".");
    return first.length() > LONGEST ? first.substring(0, LONGEST - 1) + "…" : first;
  }

  private static boolean isComment(String line) {
    return line.startsWith("//") && !line.startsWith("// --");
  }
}

package akin.cuda.teach;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What each kernel of a CUDA source computes: the first sentence of the comment above it; where it
 * has none, of that above the function that it hands over to, or of the file's. A kernel that a
 * macro makes has its comment in the macro, and the macro's arguments stand in it for its
 * parameters, as everywhere in the macro.
 */
final class KernelComments {
  /** Name, parameters and body, which goes on as long as lines end with a backslash. */
  private static final Pattern MACRO =
      Pattern.compile("(?m)^#define (\\w+)\\((.*?)\\)((?:.*\\\\\\R)+.*)$");

  private static final Pattern CALL = Pattern.compile("(\\w+)(?:<[^<>]*>)?\\(");

  private final List<String> lines;

  KernelComments(String source) {
    lines = withKernelsOfMacros(source).lines().toList();
  }

  private static String withKernelsOfMacros(String source) {
    String all = source;
    for (MatchResult macro : MACRO.matcher(source).results().toList()) {
      if (macro.group(3).contains("__global__")) {
        all =
            Pattern.compile("(?m)^" + macro.group(1) + "\\((.*)\\)$")
                .matcher(all)
                .replaceAll(use -> Matcher.quoteReplacement(expanded(macro, use.group(1))));
      }
    }
    return all;
  }

  private static String expanded(MatchResult macro, String arguments) {
    String[] parameters = macro.group(2).replace("...", "__VA_ARGS__").split(",\\s*");
    String[] values = arguments.split(",\\s*", parameters.length);
    String body = macro.group(3);
    for (int i = 0; i < parameters.length; i++) {
      body = body.replaceAll("\\b" + parameters[i] + "\\b", Matcher.quoteReplacement(values[i]));
    }
    return body.replace("##", "")
        .replaceAll("(?m)\\s*\\\\$", "")
        .replaceAll("(?m)^  ", "")
        .replaceAll("(?m)^ */\\* (.*) \\*/$", "// $1");
  }

  /** The sentence for a kernel. */
  String about(String kernel) {
    Pattern name = Pattern.compile("__global__ .*\\b" + kernel + "\\(.*");
    int at = 0;
    while (!name.matcher(lines.get(at)).find()) {
      at++;
    }
    String own = commentAbove(at);
    return sentence(own.isEmpty() ? shared(at) : own);
  }

  /**
   * The comment above the first commented function that a kernel hands over to; else the file's.
   */
  private String shared(int kernel) {
    for (int i = kernel + 1; !lines.get(i).startsWith("}"); i++) {
      Matcher call = CALL.matcher(lines.get(i));
      while (call.find()) {
        String definition = " void " + call.group(1) + "(";
        for (int at = 0; at < lines.size(); at++) {
          if (lines.get(at).contains(definition) && !commentAbove(at).isEmpty()) {
            return commentAbove(at);
          }
        }
      }
    }
    int end = 0;
    while (isComment(lines.get(end))) {
      end++;
    }
    return commentAbove(end);
  }

  /** The comment that ends above a line, or above the line that makes a template of it. */
  private String commentAbove(int line) {
    int end = line > 0 && lines.get(line - 1).startsWith("template") ? line - 1 : line;
    int start = end;
    while (start > 0 && isComment(lines.get(start - 1))) {
      start--;
    }
    return lines.subList(start, end).stream()
        .map(l -> l.substring(2).strip())
        .collect(Collectors.joining(" "));
  }

  /** A formula may follow after a colon and an empty line. */
  private static String sentence(String text) {
    return text.split("(?<=\\.)\\s|:\\s{2}", 2)[0].replaceFirst("\\.?$", ".");
  }

  private static boolean isComment(String line) {
    return line.startsWith("//") && !line.startsWith("// --");
  }
}

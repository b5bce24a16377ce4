package akin.tests;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A constructor call as the golden files write it, such as {@code ContrastiveLoss(pos_margin=0.3,
 * distance=LpDistance(p=1))}.
 *
 * @param arguments by name, or by place where they have none: calls or texts
 */
record PythonCall(String name, Map<String, Object> arguments) {
  static PythonCall parse(String text) {
    int[] at = {0};
    return call(text, at);
  }

  private static PythonCall call(String s, int[] at) {
    String name = word(s, at);
    Map<String, Object> arguments = new LinkedHashMap<>();
    at[0]++; // (
    while (s.charAt(at[0]) != ')') {
      String key = word(s, at);
      if (s.charAt(at[0]) == '=') {
        at[0]++;
      } else { // without a name: its place is its name
        at[0] -= key.length();
        key = String.valueOf(arguments.size());
      }
      arguments.put(key, value(s, at));
      while (s.charAt(at[0]) == ',' || s.charAt(at[0]) == ' ') {
        at[0]++;
      }
    }
    at[0]++;
    return new PythonCall(name, arguments);
  }

  private static Object value(String s, int[] at) {
    int from = at[0];
    int depth = 0;
    int end = from;
    for (; depth > 0 || ",)".indexOf(s.charAt(end)) < 0; end++) {
      depth += s.charAt(end) == '(' ? 1 : s.charAt(end) == ')' ? -1 : 0;
    }
    String text = s.substring(from, end);
    at[0] = end;
    boolean isCall = text.endsWith(")") && Character.isUpperCase(text.charAt(0));
    return isCall ? parse(text) : text.replace("'", "");
  }

  private static String word(String s, int[] at) {
    int from = at[0];
    while (Character.isJavaIdentifierPart(s.charAt(at[0]))) {
      at[0]++;
    }
    return s.substring(from, at[0]);
  }

  boolean has(String argument) {
    return arguments.containsKey(argument);
  }

  /** A number; sums such as 6+1 are added up. */
  double real(String argument, double usual) {
    if (!has(argument)) {
      return usual;
    }
    double sum = 0;
    for (String part : arguments.get(argument).toString().split("(?<=\\d)\\+")) {
      sum += Double.parseDouble(part);
    }
    return sum;
  }

  int whole(String argument, int usual) {
    return (int) real(argument, usual);
  }

  boolean flag(String argument, boolean usual) {
    return has(argument) ? arguments.get(argument).equals("True") : usual;
  }

  String text(String argument, String usual) {
    return has(argument) ? arguments.get(argument).toString() : usual;
  }

  PythonCall call(String argument) {
    return (PythonCall) arguments.get(argument);
  }
}

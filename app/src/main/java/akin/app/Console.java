package akin.app;

import akin.retrieval.Progress;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Where a command's words go. Without {@code --json}, text goes to stdout. With it, stdout carries
 * one JSON object and nothing else, and text goes to stderr. Progress bars go to stderr, and only
 * if that is a terminal.
 */
final class Console implements Progress {
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean json;
  private final int columns;

  Console(PrintWriter out, PrintWriter err, boolean json) {
    this.out = out;
    this.err = err;
    this.json = json;
    // The launcher gives the width of the terminal if stderr is one.
    this.columns = Integer.getInteger("akin.columns", 0);
  }

  /** Text for people. */
  void print(String format, Object... values) {
    PrintWriter people = json ? err : out;
    people.printf(Locale.ROOT, format, values);
    people.println();
    people.flush();
  }

  /** The command's result, a record or a map, for scripts. */
  void result(Object result) {
    if (json) {
      try {
        out.println(new ObjectMapper().writeValueAsString(result));
        out.flush();
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("cannot write " + result.getClass() + " as JSON", e);
      }
    }
  }

  @Override
  public Bar start(String task, long total) {
    return columns > 0 ? new TerminalBar(err, columns, task, total) : NONE.start(task, total);
  }

  @Override
  public void say(String line) {
    if (columns > 0) {
      TerminalBar.clearLine(err);
    }
    print("%s", line);
  }
}

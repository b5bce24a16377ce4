package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Bars on a terminal, and their absence elsewhere. */
class TerminalBarTest {
  private static final int COLUMNS = 80;

  @Test
  void barShowsTaskShareRateAndNoteAndGoesAway() {
    StringWriter terminal = new StringWriter();
    try (Progress.Bar bar = new TerminalBar(new PrintWriter(terminal), COLUMNS, "training", 4)) {
      bar.note("loss 0.5");
      bar.advance(4);
    }
    String text = terminal.toString();
    for (String part : new String[] {"training", "100%", "4/4", "/s", "loss 0.5"}) {
      assertTrue(text.contains(part), part + " is not in: " + text);
    }
    assertTrue(text.endsWith("\r\033[K"), text);
  }

  @Test
  void barFitsItsLine() {
    StringWriter terminal = new StringWriter();
    try (Progress.Bar bar = new TerminalBar(new PrintWriter(terminal), COLUMNS, "x", 10)) {
      bar.note("y".repeat(2 * COLUMNS));
      bar.advance(10);
    }
    for (String line : terminal.toString().replaceAll("\033\\[[0-9;]*[mK]", "").split("\r")) {
      assertTrue(line.length() < COLUMNS, line.length() + ": " + line);
    }
  }

  @Test
  void withoutATerminalThereIsNoBarAndLinesAreText() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), false);
    try (Progress.Bar bar = console.start("training", 4)) {
      bar.advance(4);
      console.say("epoch 1");
    }
    assertEquals("epoch 1" + System.lineSeparator(), out.toString());
    assertEquals("", err.toString());
  }
}

package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.ShapeException;
import akin.tensor.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What people read, and scripts get, when a command ends early. */
class FailuresTest {
  private static Cli report(Throwable e) {
    StringWriter err = new StringWriter();
    int code = new Failures(new PrintWriter(err), "train", "x.yaml").report(e);
    assertFalse(err.toString().contains("\tat "), err.toString());
    return new Cli(code, "", err.toString());
  }

  /** The text of the trace that the message names; the file is removed. */
  private static String trace(Cli run) throws IOException {
    Matcher name = Pattern.compile("(\\S*akin-defect-\\S*\\.txt)").matcher(run.err());
    assertTrue(name.find(), run.err());
    Path file = Path.of(name.group(1));
    String text = Files.readString(file);
    Files.delete(file);
    return text;
  }

  @Test
  void userErrorIsItsMessage() {
    Cli run = report(UserError.of("too few names").at(Path.of("a.txt"), 7).mend("add one"));
    assertEquals(
        new Cli(
            1,
            "",
            String.format("akin: a.txt:7: too few names%n").replace("\r", "").stripTrailing()
                + "\n  mend: add one"
                + System.lineSeparator()),
        run);
  }

  @Test
  void userErrorAtAnOptionIsBadUsage() {
    Cli run = report(UserError.of("unknown key a").at("--set a=1"));
    assertEquals(2, run.code());
    assertTrue(run.err().startsWith("akin: --set a=1: unknown key a"), run.err());
    assertEquals(2, report(UserError.of("none are asked for").at("-k 0")).code());
  }

  @Test
  void defectIsOneLineAndTheFileOfItsTrace() throws IOException {
    Cli run = report(new NullPointerException("x is null"));
    assertEquals(1, run.code());
    assertTrue(
        run.err().startsWith("akin: this is a defect of Akin: java.lang.NullPointerException: x"),
        run.err());
    String trace = trace(run);
    assertTrue(trace.contains("akin train x.yaml"), trace);
    assertTrue(trace.contains("at akin.app.FailuresTest"), trace);
  }

  @Test
  void endlessRecursionIsADefect() throws IOException {
    Cli run = report(new StackOverflowError());
    assertEquals(1, run.code());
    assertTrue(run.err().contains("StackOverflowError"), run.err());
    assertTrue(trace(run).contains("StackOverflowError"));
  }

  @Test
  void shapesThatDoNotFitAreShownWithTheirRule() throws IOException {
    Cli run = report(ShapeException.of("matmul: no fit").with("a", "[2, 3]").needed("3 = 4"));
    assertEquals(1, run.code());
    assertTrue(run.err().contains("matmul: no fit"), run.err());
    assertTrue(run.err().contains("needed  3 = 4"), run.err());
    assertTrue(trace(run).contains("ShapeException"));
  }

  @Test
  void lackOfMemoryIsToldWithTheMend() {
    Cli run = report(new OutOfMemoryError("Java heap space"));
    assertEquals(1, run.code());
    assertTrue(run.err().startsWith("akin: out of memory: Java heap space"), run.err());
    assertTrue(run.err().contains("AKIN_JAVA_OPTS=-Xmx"), run.err());
  }

  @Test
  void failedReadingIsTold() {
    Cli run = report(new UncheckedIOException(new IOException("no space left on device")));
    assertEquals(1, run.code());
    assertTrue(run.err().contains("no space left on device"), run.err());
  }
}

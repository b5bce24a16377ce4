package akin.app;

import akin.retrieval.Progress;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on the terminal's last line, with the rate and the time left. It leaves no trace. */
final class TerminalBar implements Progress.Bar {
  private static final int MILLISECONDS = 250;

  private final PrintWriter terminal;
  private final ProgressBar bar;
  private final Thread onInterrupt;

  TerminalBar(PrintWriter terminal, int columns, String task, long total) {
    this.terminal = terminal;
    ProgressBarConsumer line =
        new DelegatingProgressBarConsumer(
            text -> {
              terminal.print('\r' + text + "\033[K");
              terminal.flush();
            },
            // A line as wide as the terminal would wrap on some.
            columns - 1);
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
            .setUpdateIntervalMillis(MILLISECONDS)
            .setSpeedUnit(ChronoUnit.SECONDS)
            .showSpeed()
            .setConsumer(line)
            .build();
    // Ctrl-C ends the process where it stands; the shell's prompt should not follow half a bar.
    this.onInterrupt = new Thread(terminal::println);
    Runtime.getRuntime().addShutdownHook(onInterrupt);
  }

  static void clearLine(PrintWriter terminal) {
    terminal.print("\r\033[K");
    terminal.flush();
  }

  @Override
  public void advance(long by) {
    bar.stepBy(by);
  }

  @Override
  public void note(String text) {
    bar.setExtraMessage(text.isEmpty() ? "" : " " + text);
  }

  @Override
  public void close() {
    bar.close();
    clearLine(terminal);
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException e) {
      // The process is ending already.
    }
  }
}

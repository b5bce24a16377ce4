package akin.app;

import akin.app.Doctor.Finding;
import akin.nn.io.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What {@code akin doctor} found, as a Markdown file to be attached to an issue. */
final class DoctorReport {
  private final StringBuilder text = new StringBuilder();

  private DoctorReport() {}

  static void write(Path file, Doctor doctor, List<Finding> findings, String device) {
    DoctorReport report = new DoctorReport();
    report.line("# akin doctor --device " + device);
    report.line("");
    report.line(
        "akin "
            + Main.Version.text()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    report.findings(findings);
    report.methods(doctor.trial().methods());
    report.speeds(doctor.speeds());
    report.failures(doctor.trial().failures());
    byte[] bytes = report.text.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    text.append('\n');
  }

  private void findings(List<Finding> findings) {
    line("");
    line("| | what | found | mend |");
    line("|---|---|---|---|");
    for (Finding f : findings) {
      line("| %s | %s | %s | %s |", f.status(), f.name(), cell(f.found()), cell(f.mend()));
    }
  }

  private void methods(List<DeviceTrial.Method> methods) {
    line("");
    line("## The backend's contract, against the reference backend");
    line("");
    line("| method | cases | worst error ÷ allowed | seconds | failures |");
    line("|---|---|---|---|---|");
    for (DeviceTrial.Method m : methods) {
      line(
          "| `%s` | %d | %.3f | %.2f | %d |",
          m.name(), m.cases(), m.worst(), m.seconds(), m.failures().size());
    }
  }

  private void speeds(List<DeviceSpeeds.Speed> speeds) {
    line("");
    line("## Speed");
    line("");
    line("| task | ms | a second | ÷ the copy's |");
    line("|---|---|---|---|");
    for (DeviceSpeeds.Speed s : speeds) {
      String share = Double.isNaN(s.ofMemory()) ? "" : "%.2f".formatted(s.ofMemory());
      line(
          "| %s | %.3f | %.2f %s | %s |", s.task(), 1e3 * s.seconds(), s.figure(), s.unit(), share);
    }
  }

  private void failures(List<String> failures) {
    if (!failures.isEmpty()) {
      line("");
      line("## Failures");
      line("");
      failures.forEach(failure -> line("- " + cell(failure)));
    }
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " · ");
  }
}

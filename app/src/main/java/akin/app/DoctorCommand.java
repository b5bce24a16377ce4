package akin.app;

import akin.app.Doctor.Finding;
import akin.app.Doctor.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code akin doctor}. */
@Command(
    name = "doctor",
    description =
        "Looks at this machine: Java, Vector API, threads, memory, disk, pictures, devices; tells"
            + " what was found, what is missing, and the mend. Tries the device at the contract of"
            + " all backends, and times it. Fails if Akin cannot work here.")
final class DoctorCommand implements Callable<Integer> {
  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write everything as Markdown too, to be attached to an issue.")
  private Path report;

  @Mixin private CommonOptions common;

  /**
   * @param ok whether Akin works here
   * @param findings everything looked at
   * @param methods the contract of all backends, on the device that was asked for
   * @param speeds what that device was timed at
   */
  private record Result(
      boolean ok,
      List<Finding> findings,
      List<DeviceTrial.Method> methods,
      List<DeviceSpeeds.Speed> speeds) {}

  @Override
  public Integer call() {
    Console console = common.console();
    Doctor doctor = new Doctor(common, console, method -> true);
    List<Finding> findings = doctor.examine();
    for (Finding finding : findings) {
      console.print("%-4s  %-16s %s", sign(finding.status()), finding.name(), finding.found());
      if (!finding.mend().isEmpty()) {
        console.print("%-4s  %-16s mend: %s", "", "", finding.mend());
      }
    }
    if (!common.device().equals("auto")) {
      methods(console, doctor.trial().methods());
    }
    console.print("");
    doctor.speeds().forEach(speed -> console.print("%s", DeviceSpeeds.text(speed)));
    boolean ok = findings.stream().noneMatch(f -> f.status() == Status.BAD);
    console.print("");
    console.print(ok ? "Akin works here." : "Akin does not work here; see the mends above.");
    if (report != null) {
      DoctorReport.write(report, doctor, findings, common.device());
      console.print("report: %s", report);
    }
    console.result(new Result(ok, findings, doctor.trial().methods(), doctor.speeds()));
    return ok ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static void methods(Console console, List<DeviceTrial.Method> methods) {
    if (methods.isEmpty()) {
      return;
    }
    console.print("");
    console.print("%-20s %6s  %15s  %8s", "method", "cases", "error ÷ allowed", "seconds");
    for (DeviceTrial.Method m : methods) {
      String verdict = m.failures().isEmpty() ? "" : "  " + m.failures().size() + " FAILED";
      console.print(
          "%-20s %6d  %15.3f  %8.2f%s", m.name(), m.cases(), m.worst(), m.seconds(), verdict);
    }
  }

  private static String sign(Status status) {
    return switch (status) {
      case GOOD -> "ok";
      case NOTE -> "note";
      case BAD -> "BAD";
    };
  }
}

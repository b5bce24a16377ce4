package akin.app;

import akin.app.Doctor.Finding;
import akin.app.Doctor.Status;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code akin doctor}. */
@Command(
    name = "doctor",
    description =
        "Looks at this machine: Java, Vector API, threads, memory, disk, pictures, devices; tells"
            + " what was found, what is missing, and the mend. Fails if Akin cannot work here.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  /**
   * @param ok whether Akin works here
   * @param findings everything looked at
   */
  private record Result(boolean ok, List<Finding> findings) {}

  @Override
  public Integer call() {
    Console console = common.console();
    List<Finding> findings = new Doctor(common, console, method -> true).examine();
    for (Finding finding : findings) {
      console.print("%-4s  %-16s %s", sign(finding.status()), finding.name(), finding.found());
      if (!finding.mend().isEmpty()) {
        console.print("%-4s  %-16s mend: %s", "", "", finding.mend());
      }
    }
    boolean ok = findings.stream().noneMatch(f -> f.status() == Status.BAD);
    console.print("");
    console.print(ok ? "Akin works here." : "Akin does not work here; see the mends above.");
    console.result(new Result(ok, findings));
    return ok ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static String sign(Status status) {
    return switch (status) {
      case GOOD -> "ok";
      case NOTE -> "note";
      case BAD -> "BAD";
    };
  }
}

package akin.cuda.teach;

import akin.cuda.kernel.KernelFile;
import akin.tensor.command.Call;
import akin.tensor.command.Command;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code akin kernel list}. */
final class KernelList implements Command {
  @Override
  public String name() {
    return "list";
  }

  @Override
  public List<String> description() {
    return List.of("Lists the kernels, file by file, with what each computes.");
  }

  @Override
  public List<Word> words() {
    return List.of();
  }

  /** One kernel, for scripts. */
  record Listed(
      String file,
      String name,
      String about,
      List<String> parameters,
      int instructions,
      int sharedBytes) {}

  @Override
  public boolean run(Call call) {
    List<Listed> json = new ArrayList<>();
    for (KernelFile file : KernelFile.values()) {
      List<CudaKernel> kernels = CudaKernel.of(file);
      call.print("%s.cu", file.stem());
      for (CudaKernel kernel : kernels) {
        call.print(
            "  %-28s %4d instructions%s  %s",
            kernel.name(),
            kernel.instructions(),
            kernel.sharedBytes() == 0 ? "" : ", " + kernel.sharedBytes() + " B shared",
            kernel.about());
        json.add(
            new Listed(
                file.stem() + ".cu",
                kernel.name(),
                kernel.about(),
                kernel.parameters(),
                kernel.instructions(),
                kernel.sharedBytes()));
      }
    }
    call.print("%d kernels; now try   akin kernel run %s", json.size(), json.get(0).name());
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("kernels", json);
    call.result(result);
    return true;
  }
}

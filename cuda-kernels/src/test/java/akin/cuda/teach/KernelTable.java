package akin.cuda.teach;

import akin.cuda.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What all kernels cost, as docs/cuda.md tells it. */
final class KernelTable {
  private static final String HEAD =
      """
      | kernel | loads | stores | moved | banks | lanes % | steps | divisions | registers | shared | launched by |
      |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|
      """;

  /** A row of docs/cuda-budget.md: a kernel, or all of a file; registers of each architecture. */
  private static final Pattern BUDGET =
      Pattern.compile(
          "\\| (\\w+)(?:/(\\w+)|, \\d+ kernels, the most) \\|((?: \\d+ \\|)+) (\\d+) \\|");

  /** What a kernel takes of a card. */
  private record Use(int registers, int shared) {}

  private final Map<KernelFile, List<KernelRow>> rows = new LinkedHashMap<>();

  /** Runs all examples. */
  KernelTable() {
    for (KernelFile file : KernelFile.values()) {
      rows.put(file, rows(file));
    }
  }

  /** All rows, by file. */
  Map<KernelFile, List<KernelRow>> rows() {
    return rows;
  }

  private static List<KernelRow> rows(KernelFile file) {
    Map<String, KernelCosts.Cost> costs = KernelCosts.of(file);
    Map<String, List<CudaKernel>> families = new LinkedHashMap<>();
    for (CudaKernel kernel : CudaKernel.of(file)) {
      families.computeIfAbsent(family(kernel), f -> new ArrayList<>()).add(kernel);
    }
    return families.entrySet().stream()
        .map(
            family ->
                KernelRow.of(
                    family.getKey(),
                    family.getValue().stream().map(kernel -> costs.get(kernel.name())).toList()))
        .toList();
  }

  /** The name with a star for what distinguishes kernels that one pattern makes. */
  private static String family(CudaKernel kernel) {
    String name = kernel.name();
    return switch (kernel.file()) {
      case UNARY, UNARY_GRAD -> kernel.file().stem() + "_*";
      case BINARY, BINARY_GRAD ->
          kernel.file().stem() + "_*" + (name.endsWith("_strided") ? "_strided" : "");
      case REDUCE -> name.replaceFirst("_(sum|max|min)$", "_*");
      case DISTANCES -> name.replaceFirst("_(squares|products|absolutes)", "_*");
      case DISTANCES_GRAD -> "distances_grad_*";
      default -> name;
    };
  }

  /** The table, with what docs/cuda-budget.md tells: the most on any architecture. */
  String text(Path budget) throws IOException {
    Map<String, Use> uses = uses(budget);
    StringBuilder text = new StringBuilder(HEAD);
    rows.forEach(
        (file, own) -> {
          text.append("| **").append(file.stem()).append(".cu** |").append(" |".repeat(10));
          text.append('\n');
          for (KernelRow row : own) {
            List<Use> members = members(uses, file, row);
            int registers = members.stream().mapToInt(Use::registers).max().orElseThrow();
            int shared = members.stream().mapToInt(Use::shared).max().orElseThrow();
            text.append(row.line(registers, shared)).append('\n');
          }
        });
    return text.toString();
  }

  private static List<Use> members(Map<String, Use> uses, KernelFile file, KernelRow row) {
    String kernels = file.stem() + "/" + row.name().replace("*", "\\w+");
    return uses.entrySet().stream()
        .filter(use -> use.getKey().equals(file.stem()) || use.getKey().matches(kernels))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** By {@code file/kernel}, or by file. */
  private static Map<String, Use> uses(Path budget) throws IOException {
    Map<String, Use> uses = new TreeMap<>();
    for (String line : Files.readAllLines(budget)) {
      Matcher row = BUDGET.matcher(line);
      if (row.matches()) {
        String key = row.group(2) == null ? row.group(1) : row.group(1) + "/" + row.group(2);
        int registers =
            Stream.of(row.group(3).split("\\|"))
                .mapToInt(cell -> Integer.parseInt(cell.strip()))
                .max()
                .orElseThrow();
        uses.put(key, new Use(registers, Integer.parseInt(row.group(4))));
      }
    }
    return uses;
  }
}

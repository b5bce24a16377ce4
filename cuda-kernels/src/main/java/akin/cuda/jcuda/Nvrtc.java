package akin.cuda.jcuda;

import akin.cuda.device.DeviceException;
import akin.cuda.device.DeviceException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;

/**
 * NVIDIA's compiler of CUDA C as a library. It needs no card. The same options everywhere: IEEE
 * division and square root, no {@code --use_fast_math}, products and sums joined to fused ones.
 */
final class Nvrtc {
  /** Beside the architecture. */
  static final List<String> OPTIONS = List.of("--std=c++14", "--fmad=true");

  /**
   * PTX has the lines of its source, which the PTX machine shows. Machine code goes without: NVRTC
   * 11.8 ends the whole process where it makes a long file with them for sm_90.
   */
  private static final String LINES = "-lineinfo";

  private static final Pattern FOLDER_OF_SOURCE =
      Pattern.compile("(\\.file\\s+\\d+) \"[^\"]*/([^/\"]+)\"");

  private final String version;
  private final List<Integer> architectures;

  private Nvrtc(String version, List<Integer> architectures) {
    this.version = version;
    this.architectures = architectures;
  }

  /** Loads the compiler; none if it is not there. */
  static Optional<Nvrtc> open(Libraries libraries) {
    if (libraries.place(Part.NVRTC).isEmpty()) {
      return Optional.empty();
    }
    libraries.load(Part.NVRTC);
    return Optional.of(libraries.linked(Nvrtc::loaded));
  }

  private static Nvrtc loaded() {
    int[] major = new int[1];
    int[] minor = new int[1];
    check("nvrtcVersion", JNvrtc.nvrtcVersion(major, minor));
    int[] count = new int[1];
    check("nvrtcGetNumSupportedArchs", JNvrtc.nvrtcGetNumSupportedArchs(count));
    int[] numbers = new int[count[0]];
    check("nvrtcGetSupportedArchs", JNvrtc.nvrtcGetSupportedArchs(numbers));
    List<Integer> architectures = new ArrayList<>();
    for (int number : numbers) {
      architectures.add(number);
    }
    return new Nvrtc(major[0] + "." + minor[0], architectures);
  }

  /** Such as 11.8. */
  String version() {
    return version;
  }

  /** Whether it makes machine code for an architecture such as {@code sm_86}. */
  boolean makes(String architecture) {
    return architectures.contains(Integer.valueOf(architecture.substring("sm_".length())));
  }

  /**
   * Machine code.
   *
   * @param name the source's file name, for messages
   * @param architecture such as {@code sm_86}
   * @throws DeviceException COMPILE, with the compiler's log and the lines that it names
   */
  byte[] cubin(String name, String source, String architecture) {
    nvrtcProgram program = compiled(name, source, architecture, OPTIONS);
    try {
      long[] size = new long[1];
      check("nvrtcGetCUBINSize", JNvrtc.nvrtcGetCUBINSize(program, size));
      byte[] cubin = new byte[Math.toIntExact(size[0])];
      check("nvrtcGetCUBIN", JNvrtc.nvrtcGetCUBIN(program, cubin));
      return cubin;
    } finally {
      JNvrtc.nvrtcDestroyProgram(program);
    }
  }

  /**
   * PTX, free of the folder in which it was made.
   *
   * @param architecture such as {@code compute_75}
   */
  String ptx(String name, String source, String architecture) {
    List<String> options = new ArrayList<>(OPTIONS);
    options.add(LINES);
    nvrtcProgram program = compiled(name, source, architecture, options);
    try {
      String[] ptx = new String[1];
      check("nvrtcGetPTX", JNvrtc.nvrtcGetPTX(program, ptx));
      String text = ptx[0].endsWith("\0") ? ptx[0].substring(0, ptx[0].length() - 1) : ptx[0];
      return FOLDER_OF_SOURCE.matcher(text).replaceAll("$1 \"$2\"");
    } finally {
      JNvrtc.nvrtcDestroyProgram(program);
    }
  }

  private nvrtcProgram compiled(
      String name, String source, String architecture, List<String> more) {
    nvrtcProgram program = new nvrtcProgram();
    check(
        "nvrtcCreateProgram",
        JNvrtc.nvrtcCreateProgram(
            program, source, Path.of(name).getFileName().toString(), 0, null, null));
    List<String> options = new ArrayList<>();
    options.add("--gpu-architecture=" + architecture);
    options.addAll(more);
    int code = JNvrtc.nvrtcCompileProgram(program, options.size(), options.toArray(String[]::new));
    if (code != nvrtcResult.NVRTC_SUCCESS) {
      String[] log = new String[1];
      JNvrtc.nvrtcGetProgramLog(program, log);
      JNvrtc.nvrtcDestroyProgram(program);
      throw Results.refusal(
          Kind.COMPILE,
          name
              + " does not compile for "
              + architecture
              + " with NVRTC "
              + version
              + "\n"
              + withLines(name, source, String.valueOf(log[0])));
    }
    return program;
  }

  /** The log, each line that names one of the source's followed by that. */
  private static String withLines(String name, String source, String log) {
    List<String> lines = source.lines().toList();
    Pattern place = Pattern.compile("^" + Pattern.quote(name) + "\\((\\d+)\\).*");
    StringBuilder text = new StringBuilder();
    for (String told : log.replace("\0", "").strip().lines().toList()) {
      text.append("  ").append(told).append('\n');
      Matcher match = place.matcher(told);
      if (match.matches()) {
        int number = Integer.parseInt(match.group(1));
        if (number >= 1 && number <= lines.size()) {
          text.append("    ").append(number).append(" | ");
          text.append(lines.get(number - 1).stripTrailing()).append('\n');
        }
      }
    }
    return text.toString().stripTrailing();
  }

  private static void check(String call, int code) {
    if (code != nvrtcResult.NVRTC_SUCCESS) {
      throw Results.refusal(Kind.COMPILE, call + ": " + nvrtcResult.stringFor(code));
    }
  }
}

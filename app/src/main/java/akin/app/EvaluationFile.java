package akin.app;

import akin.nn.io.AtomicFile;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Path;
import java.util.Map;

/** Writes figures as indented JSON. */
final class EvaluationFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private EvaluationFile() {}

  static void write(Path file, Map<String, Object> figures) {
    AtomicFile.write(file, out -> out.write(JSON.writeValueAsBytes(figures)));
  }
}

package akin.retrieval.data;

import akin.tensor.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lines of a list file, split at runs of blanks; CRLF, trailing blanks and a BOM are taken. */
final class TextFile {
  /** One line that is not blank. */
  record Line(long number, String[] words) {}

  private TextFile() {}

  static List<Line> read(Path file) {
    List<String> raw;
    try {
      raw = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw UserError.of("the file is missing").at(file).because(e);
    } catch (CharacterCodingException e) {
      throw UserError.of("the file is not UTF-8 text").at(file).because(e);
    } catch (IOException e) {
      throw UserError.of("cannot read the file: " + e.getMessage()).at(file).because(e);
    }
    List<Line> lines = new ArrayList<>(raw.size());
    for (int i = 0; i < raw.size(); i++) {
      String text = raw.get(i);
      text = (i == 0 && text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
      if (!text.isEmpty()) {
        lines.add(new Line(i + 1, text.split("\\s+")));
      }
    }
    return lines;
  }
}

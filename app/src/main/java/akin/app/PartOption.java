package akin.app;

import akin.retrieval.data.Split;
import akin.retrieval.search.Evaluation;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A part of a data set on the command line, or another one: a split's name or a path. */
final class PartOption implements ITypeConverter<Evaluation.Part> {
  @Override
  public Evaluation.Part convert(String value) {
    Split split = Split.named(value).orElse(null);
    if (split == null && !Files.exists(Path.of(value))) {
      throw new TypeConversionException(
          "'" + value + "' is neither a split (train, validation, test, all) nor a data set");
    }
    return new Evaluation.Part(split, split == null ? Path.of(value) : null);
  }
}

package akin.app;

import akin.retrieval.data.Split;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of a split on the command line. */
final class SplitOption implements ITypeConverter<Split> {
  @Override
  public Split convert(String value) {
    return Split.named(value)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + value + "' is no split; one of train, validation, test, all"));
  }
}

package akin.app;

import akin.retrieval.pretrained.WeightCards;
import akin.tensor.UserError;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A preprocessing, by name or by its line, on the command line. */
final class PreprocessingOption implements ITypeConverter<String> {
  @Override
  public String convert(String value) {
    try {
      WeightCards.preprocessing(value);
      return value;
    } catch (UserError e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}

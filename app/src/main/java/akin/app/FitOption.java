package akin.app;

import akin.retrieval.data.Fit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The label of a fit on the command line. */
final class FitOption implements ITypeConverter<Fit> {
  @Override
  public Fit convert(String value) {
    try {
      return Fit.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + value + "' is no fit; " + e.getMessage());
    }
  }
}

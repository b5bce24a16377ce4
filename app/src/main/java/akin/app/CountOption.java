package akin.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of things on the command line, up to a million; 0 for none. */
final class CountOption implements ITypeConverter<Integer> {
  private static final int MOST = 1_000_000;

  @Override
  public Integer convert(String value) {
    if (!value.matches("[0-9]{1,7}") || Integer.parseInt(value) > MOST) {
      throw new TypeConversionException("'" + value + "' is not a number from 0 to " + MOST);
    }
    return Integer.parseInt(value);
  }
}

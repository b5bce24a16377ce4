package akin.app;

import akin.nn.backbone.Architecture;
import akin.tensor.UserError;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A backbone in one line on the command line. */
final class BackboneOption implements ITypeConverter<String> {
  @Override
  public String convert(String value) {
    try {
      Architecture.parse(value);
      return value;
    } catch (UserError e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}

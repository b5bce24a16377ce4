package akin.app;

import akin.retrieval.data.Datasets.Layout;
import akin.tensor.NearestName;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of a layout on the command line. */
final class LayoutOption implements ITypeConverter<Layout> {
  @Override
  public Layout convert(String value) {
    List<String> known = Arrays.stream(Layout.values()).map(Layout::label).toList();
    return Layout.named(value)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + value + "' is no layout; " + NearestName.hint(value, known)));
  }
}

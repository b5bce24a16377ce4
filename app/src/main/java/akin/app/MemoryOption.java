package akin.app;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An amount of memory on the command line, written as the JVM's options are: 512k, 256m, 2g. */
final class MemoryOption implements ITypeConverter<Long> {
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,9})([kmg])");

  @Override
  public Long convert(String value) {
    Matcher size = SIZE.matcher(value.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new TypeConversionException("'" + value + "' is no size such as 512k, 256m or 2g");
    }
    long bytes = Long.parseLong(size.group(1)) << 10 * ("kmg".indexOf(size.group(2)) + 1);
    long most = Runtime.getRuntime().maxMemory();
    if (bytes > most) {
      throw new TypeConversionException(
          String.format(
              Locale.ROOT,
              "'%s' is more than this process may ever use, %d MiB; set AKIN_JAVA_OPTS=-Xmx%s",
              value,
              most >> 20,
              value));
    }
    return bytes;
  }
}

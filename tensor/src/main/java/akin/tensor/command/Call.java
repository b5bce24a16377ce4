package akin.tensor.command;

import akin.tensor.UserError;
import java.nio.file.Path;

/** What a command was told, and where its words go. */
public interface Call {
  /** The value of a {@link Command.Word} by its name, its default, or null. */
  String value(String name);

  /** A line for people: to stdout, or to stderr where stdout carries JSON. */
  void print(String format, Object... values);

  /** The result for scripts, a record or a map: one JSON object on stdout where that is wanted. */
  void result(Object result);

  /**
   * Writes a text file in place of an older one.
   *
   * @throws UserError if it cannot be written; an older file stays
   */
  void write(Path file, String text);

  /** The mistake as one of the command line: the process ends with 2. */
  RuntimeException misused(UserError mistake);

  /**
   * A value that is a whole number.
   *
   * @param least the least that makes sense
   */
  default int number(String name, int least) {
    String given = value(name);
    try {
      int number = Integer.parseInt(given);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, like a number out of range.
    }
    throw misused(
        UserError.of("'" + given + "' is no such number")
            .at(name)
            .rule("a whole number from " + least + " to " + Integer.MAX_VALUE));
  }
}

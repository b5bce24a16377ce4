package akin.tensor.command;

import java.util.List;

/**
 * A group of commands, {@code akin NAME COMMAND …}; found by {@link java.util.ServiceLoader}, and
 * only looked for when a word of the command line is none of Akin's own commands.
 */
public interface CommandProvider {
  /** The word after {@code akin}. */
  String name();

  /** What the group is for, in one sentence. */
  String description();

  /** Its commands, in the order in which the usage lists them. */
  List<Command> commands();
}

package akin.tensor.command;

import java.util.List;

/**
 * One command of a group. It takes {@code --help} and {@code --json} without naming them, and
 * nothing else that it does not name.
 */
public interface Command {
  /** The word after the group's. */
  String name();

  /** What it does, a paragraph each. */
  List<String> description();

  /** The words that it takes, in the order of the usage. */
  List<Word> words();

  /**
   * Runs it; what the user did wrong ends in a {@link akin.tensor.UserError}.
   *
   * @return whether it succeeded; else the process ends with 1
   */
  boolean run(Call call);

  /**
   * A word of the command line.
   *
   * @param name of an option with its dashes, {@code --warp}; or of a word without a name before
   *     it, such as {@code KERNEL}, which must be given unless it has a default
   * @param label what stands for the value in the usage
   * @param otherwise the value where none is given; null for none
   * @param description one sentence
   */
  record Word(String name, String label, String otherwise, String description) {
    /** A word without a name before it that must be given. */
    public static Word needed(String label, String description) {
      return new Word(label, label, null, description);
    }

    /** An option that may be left away. */
    public static Word option(String name, String label, String otherwise, String description) {
      return new Word(name, label, otherwise, description);
    }

    /** Whether it is an option. */
    public boolean isOption() {
      return name.startsWith("-");
    }
  }
}

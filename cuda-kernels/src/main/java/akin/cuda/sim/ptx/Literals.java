package akin.cuda.sim.ptx;

import akin.cuda.sim.ptx.Operand.Immediate;
import akin.cuda.sim.ptx.Tokens.Token;

/** Reads numbers: decimal, {@code 0x} hexadecimal, {@code 0f} and {@code 0d} bits of floats. */
final class Literals {
  private Literals() {}

  /** Whether a number begins here. */
  static boolean begins(Tokens tokens) {
    Token token = tokens.peek();
    return token.is("-") || token.is("+") || startsWithDigit(token);
  }

  private static boolean startsWithDigit(Token token) {
    return !token.text().isEmpty() && Character.isDigit(token.text().charAt(0));
  }

  /** The number that stands next, with its sign. */
  static Immediate read(Tokens tokens) {
    boolean negative = tokens.skip("-");
    if (!negative) {
      tokens.skip("+");
    }
    Token token = tokens.next();
    String text = token.text();
    try {
      long bits = unsigned(text.endsWith("U") ? text.substring(0, text.length() - 1) : text);
      return new Immediate(negative ? -bits : bits);
    } catch (NumberFormatException e) {
      throw new PtxException(token.line(), text + " is no number");
    }
  }

  private static long unsigned(String text) {
    String start = text.length() > 1 ? text.substring(0, 2) : "";
    return switch (start) {
      case "0f", "0F" -> Integer.parseUnsignedInt(text.substring(2), 16);
      case "0d", "0D" -> Long.parseUnsignedLong(text.substring(2), 16);
      case "0x", "0X" -> Long.parseUnsignedLong(text.substring(2), 16);
      case "0b", "0B" -> Long.parseUnsignedLong(text.substring(2), 2);
      default -> Long.parseUnsignedLong(text, startsWithZero(text) ? 8 : 10);
    };
  }

  private static boolean startsWithZero(String text) {
    return text.length() > 1 && text.charAt(0) == '0';
  }
}

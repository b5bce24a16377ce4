package akin.cuda.sim.ptx;

import java.util.ArrayList;
import java.util.List;

/** PTX text cut into words, numbers and signs, with a place to read at. */
final class Tokens {
  /**
   * One of them.
   *
   * @param start where it begins in the text
   * @param end where it ends
   */
  record Token(String text, int line, int start, int end) {
    boolean is(String other) {
      return text.equals(other);
    }
  }

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  Tokens(String text) {
    this.text = text;
    int line = 1;
    for (int i = 0; i < text.length(); ) {
      char c = text.charAt(i);
      int start = i;
      if (c == '\n') {
        line++;
        i++;
      } else if (Character.isWhitespace(c)) {
        i++;
      } else if (text.startsWith("//", i)) {
        i = endOfLine(i);
      } else if (text.startsWith("/*", i)) {
        int end = text.indexOf("*/", i);
        i = end < 0 ? text.length() : end + 2;
        line += (int) text.substring(start, i).chars().filter(d -> d == '\n').count();
      } else {
        i = c == '"' ? quotationEnd(i, line) : wordEnd(i);
        tokens.add(new Token(text.substring(start, i), line, start, i));
      }
    }
    tokens.add(new Token("", line, text.length(), text.length()));
  }

  private int endOfLine(int i) {
    int end = text.indexOf('\n', i);
    return end < 0 ? text.length() : end;
  }

  private int quotationEnd(int i, int line) {
    int end = text.indexOf('"', i + 1);
    if (end < 0) {
      throw new PtxException(line, "a quotation has no end");
    }
    return end + 1;
  }

  private int wordEnd(int i) {
    int end = i;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    if (text.startsWith("::", end) && end > i) {
      return wordEnd(end + 2);
    }
    return Math.max(end, i + 1);
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '%' || c == '.';
  }

  boolean ended() {
    return at == tokens.size() - 1;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  /**
   * Passes over a token.
   *
   * @throws PtxException at the end of the text
   */
  Token next() {
    Token token = tokens.get(at);
    if (ended()) {
      throw new PtxException(token.line(), "the text ends too early");
    }
    at++;
    return token;
  }

  /** The next, which must be a whole number from 0 to 2³¹ − 1. */
  int number() {
    Token token = next();
    try {
      return Integer.parseInt(token.text());
    } catch (NumberFormatException e) {
      throw new PtxException(token.line(), "expected a number, found " + token.text());
    }
  }

  /** Passes over the sign if it is the next. */
  boolean skip(String sign) {
    if (peek().is(sign)) {
      next();
      return true;
    }
    return false;
  }

  Token expect(String sign) {
    Token token = next();
    if (!token.is(sign)) {
      throw new PtxException(token.line(), "expected " + sign + ", found " + token.text());
    }
    return token;
  }

  /** Passes over what is left of the line of the token before. */
  void skipLine() {
    int line = tokens.get(at - 1).line();
    while (!ended() && peek().line() == line) {
      next();
    }
  }

  /** Passes over everything up to the brace that closes the next one. */
  void skipBraces() {
    expect("{");
    for (int depth = 1; depth > 0 && !ended(); ) {
      Token token = next();
      depth += token.is("{") ? 1 : token.is("}") ? -1 : 0;
    }
  }

  /** The text between two tokens, in one line. */
  String between(Token first, Token last) {
    return text.substring(first.start(), last.end()).replaceAll("\\s+", " ").strip();
  }

  /** What was read last. */
  Token last() {
    return tokens.get(at - 1);
  }
}

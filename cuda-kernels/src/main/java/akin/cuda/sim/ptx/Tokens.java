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
        i = c == '"' ? text.indexOf('"', i + 1) + 1 : wordEnd(i);
        tokens.add(new Token(text.substring(start, i), line, start, i));
      }
    }
    tokens.add(new Token("", line, text.length(), text.length()));
  }

  private int endOfLine(int i) {
    int end = text.indexOf('\n', i);
    return end < 0 ? text.length() : end;
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

  Token next() {
    Token token = tokens.get(at);
    if (!ended()) {
      at++;
    }
    return token;
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

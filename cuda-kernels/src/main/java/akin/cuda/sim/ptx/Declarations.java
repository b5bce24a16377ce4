package akin.cuda.sim.ptx;

import akin.cuda.sim.ptx.Tokens.Token;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads what declares variables, such as {@code .global .align 4 .b8 a[8] = {1, 2};}. */
final class Declarations {
  private final Tokens tokens;

  Declarations(Tokens tokens) {
    this.tokens = tokens;
  }

  /** All variables of a statement, to its end. */
  List<Variable> variables() {
    List<Variable> all = new ArrayList<>();
    Prefix prefix = prefix();
    do {
      all.add(variable(prefix));
    } while (tokens.skip(","));
    tokens.expect(";");
    return all;
  }

  /** One parameter; what follows it is left. */
  Variable parameter() {
    return variable(prefix());
  }

  private record Prefix(Space space, int align, Type type, int width) {}

  private Prefix prefix() {
    Space space = null;
    Type type = null;
    int align = 0;
    int width = 1;
    while (tokens.peek().text().startsWith(".")) {
      Token token = tokens.next();
      String word = token.text().substring(1);
      if (word.equals("align")) {
        align = tokens.number();
      } else if (word.equals("v2") || word.equals("v4")) {
        width = word.charAt(1) - '0';
      } else if (word.equals("ptr")) {
        // says of a pointer what it points to, with the words after it
      } else if (Type.of(word).isPresent()) {
        type = Type.of(word).get();
      } else if (Space.of(word).isPresent()) {
        space = space == null ? Space.of(word).get() : space;
      } else {
        throw new PtxException(token.line(), "a variable cannot be " + token.text());
      }
    }
    if (type == null || space == null) {
      throw new PtxException(tokens.peek().line(), "a variable lacks its type or place");
    }
    return new Prefix(space, Math.max(align, Math.max(1, type.bytes() * width)), type, width);
  }

  private Variable variable(Prefix prefix) {
    Token name = tokens.next();
    Type type = prefix.type();
    int bytes = type.bytes() * prefix.width();
    while (tokens.skip("[")) {
      bytes *= tokens.peek().is("]") ? 0 : tokens.number();
      tokens.expect("]");
    }
    ByteBuffer content = tokens.skip("=") ? content(type, bytes) : null;
    return new Variable(name.text(), prefix.space(), type, prefix.align(), bytes, content);
  }

  private ByteBuffer content(Type type, int bytes) {
    ByteBuffer content = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int depth = 0;
    do {
      if (tokens.skip("{")) {
        depth++;
      } else if (tokens.skip("}")) {
        depth--;
      } else if (!tokens.skip(",")) {
        put(content, type, Literals.read(tokens).bits());
      }
    } while (depth > 0);
    return content.clear().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void put(ByteBuffer content, Type type, long bits) {
    switch (type.bytes()) {
      case 1 -> content.put((byte) bits);
      case 2 -> content.putShort((short) bits);
      case 4 -> content.putInt((int) bits);
      default -> content.putLong(bits);
    }
  }
}

package akin.cuda.sim.ptx;

import akin.cuda.sim.ptx.Operand.Address;
import akin.cuda.sim.ptx.Operand.Not;
import akin.cuda.sim.ptx.Operand.Pair;
import akin.cuda.sim.ptx.Operand.Register;
import akin.cuda.sim.ptx.Operand.Symbol;
import akin.cuda.sim.ptx.Operand.Vector;
import akin.cuda.sim.ptx.Tokens.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what stands between the braces of a function. */
final class Body {
  private final Tokens tokens;
  private final Declarations declarations;
  private final Map<Integer, String> files;
  private final Map<String, Type> registers = new LinkedHashMap<>();
  private final List<Variable> variables = new ArrayList<>();
  private final List<Instruction> body = new ArrayList<>();
  private final Map<String, Integer> labels = new HashMap<>();

  /** What names mean in each open pair of braces, the innermost first. */
  private final Deque<Map<String, String>> scopes = new ArrayDeque<>();

  private int scopeCount;
  private Source source;

  Body(Tokens tokens, Declarations declarations, Map<Integer, String> files) {
    this.tokens = tokens;
    this.declarations = declarations;
    this.files = files;
  }

  Function read(
      boolean entry, String name, List<Variable> results, List<Variable> parameters, int threads) {
    tokens.expect("{");
    scopes.push(new HashMap<>());
    while (!scopes.isEmpty()) {
      if (tokens.ended()) {
        throw new PtxException(tokens.peek().line(), "the end of " + name + " is missing");
      }
      statement();
    }
    return new Function(
        entry,
        name,
        results,
        parameters,
        registers,
        List.copyOf(variables),
        List.copyOf(body),
        labels,
        threads);
  }

  private void statement() {
    Token token = tokens.peek();
    switch (token.text()) {
      case "{" -> {
        tokens.next();
        scopes.push(new HashMap<>());
        scopeCount++;
      }
      case "}" -> {
        tokens.next();
        scopes.pop();
      }
      case ";" -> tokens.next();
      case ".loc" -> location();
      case ".pragma" -> {
        while (!tokens.next().is(";")) {
          // hints for the compiler
        }
      }
      case ".reg" -> registers();
      case ".local", ".shared", ".param", ".const" -> variables();
      default -> {
        if (tokens.peek(1).is(":")) {
          labels.put(tokens.next().text(), body.size());
          tokens.next();
        } else {
          instruction();
        }
      }
    }
  }

  private void location() {
    tokens.next();
    int file = tokens.number();
    int line = tokens.number();
    tokens.skipLine();
    source = new Source(files.getOrDefault(file, "file " + file), line);
  }

  private void registers() {
    tokens.next();
    Token word = tokens.next();
    Type type =
        Type.of(word.text().replaceFirst("^\\.", ""))
            .orElseThrow(() -> new PtxException(word.line(), "unknown type " + word.text()));
    do {
      String name = tokens.next().text();
      if (tokens.skip("<")) {
        int count = tokens.number();
        tokens.expect(">");
        for (int i = 0; i < count; i++) {
          registers.put(declare(name + i), type);
        }
      } else {
        registers.put(declare(name), type);
      }
    } while (tokens.skip(","));
    tokens.expect(";");
  }

  private void variables() {
    for (Variable v : declarations.variables()) {
      variables.add(
          new Variable(declare(v.name()), v.space(), v.type(), v.align(), v.bytes(), v.content()));
    }
  }

  /** The name that is the function's own for what is declared here under a name. */
  private String declare(String name) {
    String own = scopes.size() == 1 ? name : name + "'" + scopeCount;
    scopes.peek().put(name, own);
    return own;
  }

  private String resolve(String name) {
    for (Map<String, String> scope : scopes) {
      String own = scope.get(name);
      if (own != null) {
        return own;
      }
    }
    return name;
  }

  private void instruction() {
    Token first = tokens.peek();
    Register guard = null;
    boolean negated = false;
    if (tokens.skip("@")) {
      negated = tokens.skip("!");
      guard = new Register(resolve(tokens.next().text()));
    }
    Token opcode = tokens.next();
    List<String> words = Arrays.asList(opcode.text().split("\\."));
    if (words.isEmpty()) {
      throw new PtxException(opcode.line(), "no instruction is called " + opcode.text());
    }
    List<Operand> operands = new ArrayList<>();
    while (!tokens.skip(";")) {
      operands.add(operand());
      if (!tokens.skip(",") && !tokens.peek().is(";")) {
        Token odd = tokens.peek();
        throw new PtxException(odd.line(), "cannot read " + odd.text() + " after an operand");
      }
    }
    body.add(
        new Instruction(
            guard,
            negated,
            words.get(0),
            List.copyOf(words.subList(1, words.size())),
            List.copyOf(operands),
            opcode.line(),
            source,
            tokens.between(first, tokens.last())));
  }

  private Operand operand() {
    if (tokens.skip("!")) {
      return new Not(new Register(resolve(tokens.next().text())));
    }
    if (tokens.skip("{")) {
      return list("}");
    }
    if (tokens.skip("(")) {
      return list(")");
    }
    if (tokens.skip("[")) {
      return address();
    }
    if (Literals.begins(tokens)) {
      return Literals.read(tokens);
    }
    Operand name = name();
    if (tokens.skip("|")) {
      return new Pair(name, name());
    }
    if (tokens.peek().is("+")) {
      return new Address(name, Literals.read(tokens).bits());
    }
    return name;
  }

  private Operand list(String end) {
    List<Operand> parts = new ArrayList<>();
    while (!tokens.skip(end)) {
      parts.add(operand());
      tokens.skip(",");
    }
    return new Vector(List.copyOf(parts));
  }

  private Operand address() {
    Operand base = Literals.begins(tokens) ? Literals.read(tokens) : name();
    long offset = 0;
    while (!tokens.skip("]")) {
      tokens.skip("+");
      offset += Literals.read(tokens).bits();
    }
    return new Address(base, offset);
  }

  private Operand name() {
    Token token = tokens.next();
    String own = resolve(token.text());
    return token.text().startsWith("%") || registers.containsKey(own) || own.equals("_")
        ? new Register(own)
        : new Symbol(own);
  }
}

package akin.cuda.sim.ptx;

import akin.cuda.sim.ptx.Tokens.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a file of PTX: the language of "Parallel Thread Execution ISA" 7.8 as far as NVIDIA's
 * compilers write it for kernels without textures and surfaces.
 */
public final class Parser {
  private final Tokens tokens;
  private final Declarations declarations;
  private final Map<Integer, String> files = new HashMap<>();
  private final List<Variable> variables = new ArrayList<>();
  private final Map<String, Function> functions = new LinkedHashMap<>();
  private String target = "";

  private Parser(String text) {
    tokens = new Tokens(text);
    declarations = new Declarations(tokens);
    findFiles(text);
  }

  /**
   * The module of a text.
   *
   * @throws PtxException if it cannot be read; unknown instructions are found later, by the machine
   */
  public static Module parse(String text) {
    return new Parser(text).module();
  }

  /** Names of source files stand at the end, yet each instruction should know its own. */
  private void findFiles(String text) {
    text.lines()
        .map(String::strip)
        .filter(line -> line.startsWith(".file"))
        .map(line -> line.split("\\s+", 3))
        .filter(words -> words.length == 3 && words[1].matches("[0-9]{1,9}"))
        .forEach(words -> files.put(Integer.parseInt(words[1]), words[2].replaceAll("\"|,.*", "")));
  }

  private Module module() {
    while (!tokens.ended()) {
      Token token = tokens.peek();
      switch (token.text()) {
        case ".version", ".address_size", ".file" -> {
          tokens.next();
          tokens.skipLine();
        }
        case ".target" -> {
          tokens.next();
          target = tokens.peek().text();
          tokens.skipLine();
        }
        case ".section" -> {
          tokens.next();
          tokens.next();
          tokens.skipBraces();
        }
        case ".visible", ".weak", ".common", ".extern" -> tokens.next();
        case ".entry", ".func" -> function();
        case ".global", ".const", ".shared" -> variables.addAll(declarations.variables());
        case ";" -> tokens.next();
        default -> throw new PtxException(token.line(), "cannot read " + token.text());
      }
    }
    return new Module(target, List.copyOf(variables), functions);
  }

  private void function() {
    boolean entry = tokens.next().is(".entry");
    List<Variable> results = tokens.peek().is("(") ? parameters() : List.of();
    String name = tokens.next().text();
    List<Variable> parameters = tokens.peek().is("(") ? parameters() : List.of();
    int threads = 0;
    while (!tokens.peek().is("{") && !tokens.peek().is(";")) {
      Token directive = tokens.next();
      if (directive.is(".maxntid") || directive.is(".reqntid")) {
        threads = 1;
        do {
          threads *= tokens.number();
        } while (tokens.skip(","));
      }
    }
    if (tokens.skip(";")) {
      return;
    }
    Body body = new Body(tokens, declarations, files);
    functions.put(name, body.read(entry, name, results, parameters, threads));
  }

  private List<Variable> parameters() {
    List<Variable> all = new ArrayList<>();
    tokens.expect("(");
    while (!tokens.skip(")")) {
      all.add(declarations.parameter());
      tokens.skip(",");
    }
    return List.copyOf(all);
  }
}

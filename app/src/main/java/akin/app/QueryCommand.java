package akin.app;

import akin.retrieval.Session;
import akin.retrieval.query.Query;
import akin.retrieval.query.QueryFile;
import akin.retrieval.search.Gallery;
import akin.retrieval.search.QueryForm;
import akin.retrieval.search.Run;
import akin.retrieval.search.Search;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.SearchForm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akin query}. */
@Command(
    name = "query",
    description = {
      "Finds the pictures of a run's gallery that are nearest to a query.",
      "  \"+Smiling -Eyeglasses ~Young*0.5\"   with, without, rather with",
      "  \"like:photo.jpg +Smiling*2\"         like a picture, and smiling",
      "Pictures that a query names are never among its answers."
    })
final class QueryCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "RUN", description = "The run's folder.")
  private Path run;

  @Parameters(index = "1", arity = "0..1", paramLabel = "QUERY", description = "The query.")
  private String query;

  @Option(names = "-k", paramLabel = "K", defaultValue = "10", description = "Answers per query.")
  private int k;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Many queries, one a line, instead of QUERY.")
  private Path file;

  @Option(
      names = "--form",
      paramLabel = "FORM",
      description =
          "How attributes become a vector: trained, mean_vector, mean, difference or multi_hot; the default"
              + " suits the run.")
  private QueryForm form;

  @Option(
      names = "--where",
      paramLabel = "ATTRIBUTES",
      description = "Search only pictures with and without attributes: --where=\"+Male -Smiling\".")
  private String where;

  @Option(
      names = "--index",
      paramLabel = "FORM",
      defaultValue = "int8",
      description =
          "How many queries are answered: int8 makes a sketch of the gallery first, a quarter of its"
              + " size, that rules out most pictures; float32 reads the gallery itself. The answers are the same.")
  private SearchForm index;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the answers as a page with the pictures, too.")
  private Path html;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Draw the first ten answers of each query into a .png or .jpg file, too.")
  private Path picture;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the data set lies now, if it was moved since the training.")
  private Path data;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "Where the backbone's weights lie now, for a run that was trained on features.")
  private Path weights;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Console console = common.console();
    if ((query == null) == (file == null)) {
      throw UserError.of("what to look for?")
          .at(query == null ? "--file" : "--file " + file)
          .rule("either a query, or a file of queries")
          .mend("akin query " + run + " \"+Smiling\"");
    }
    if (k < 1) {
      throw UserError.of("no answers are asked for").at("-k " + k).rule("k ≥ 1");
    }
    try (Backend backend = common.open();
        Run opened =
            Run.open(
                run,
                new Run.Places(data, weights),
                new Session(backend, common.threads(), console))) {
      Gallery gallery = opened.gallery(index);
      Query among = where == null ? null : Query.parse(where, gallery.attributeNames());
      QueryForm chosen = form == null ? opened.defaultForm() : form;
      Search search = new Search(opened, gallery, chosen, among);
      List<Search.Answer> answers = new ArrayList<>();
      for (Query q : queries(search, gallery)) {
        Search.Answer answer = search.ask(q, k);
        print(console, answer);
        answers.add(answer);
      }
      if (html != null) {
        RunReport.page(html, opened, answers);
        console.print("page: %s", html);
      }
      if (picture != null) {
        RunReport.picture(picture, opened, answers);
        console.print("picture: %s", picture);
      }
      List<Map<String, Object>> results = answers.stream().map(QueryCommand::json).toList();
      console.result(file == null ? results.get(0) : Map.of("queries", results));
    }
    return ExitCode.OK;
  }

  private List<Query> queries(Search search, Gallery gallery) {
    return file == null
        ? List.of(search.parse(query))
        : QueryFile.read(file, gallery.attributeNames()).queries();
  }

  private void print(Console console, Search.Answer answer) {
    console.print("%s", answer.query());
    if (answer.relevantInGallery() >= 0) {
      console.print(
          "  P@%d %.2f; %d pictures of the gallery satisfy the query",
          k, answer.precision(), answer.relevantInGallery());
    }
    for (Search.Hit hit : answer.hits()) {
      console.print(
          "  %3d  %.4f  %s  %s",
          hit.rank(),
          hit.distance(),
          hit.relevant() == null ? " " : hit.relevant() ? "✓" : "✗",
          hit.id());
    }
  }

  static Map<String, Object> json(Search.Answer answer) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("query", answer.query().toString());
    json.put(
        "relevantInGallery", answer.relevantInGallery() < 0 ? null : answer.relevantInGallery());
    List<Map<String, Object>> results = new ArrayList<>();
    for (Search.Hit hit : answer.hits()) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("rank", hit.rank());
      result.put("id", hit.id());
      result.put("distance", hit.distance());
      result.put("relevant", hit.relevant());
      results.add(result);
    }
    json.put("results", results);
    if (answer.relevantInGallery() >= 0) {
      json.put(String.format(Locale.ROOT, "P@%d", answer.hits().size()), answer.precision());
    }
    return json;
  }
}

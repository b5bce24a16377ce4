package akin.app;

import akin.nn.io.AtomicFile;
import akin.retrieval.evaluation.Bootstrap;
import akin.retrieval.evaluation.ClassEvaluation;
import akin.retrieval.evaluation.Confusion;
import akin.retrieval.search.Evaluation;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What scripts read of an evaluation: everything that was measured. */
final class EvaluationJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final int CONFUSED = 100;

  private EvaluationJson() {}

  /** Writes the figures as indented JSON. */
  static void write(Path file, Map<String, Object> figures) {
    AtomicFile.write(file, out -> out.write(JSON.writeValueAsBytes(figures)));
  }

  /** The figures by name. */
  static Map<String, Object> of(Evaluation.Result result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("split", result.split().name().toLowerCase(Locale.ROOT));
    json.put("name", result.name());
    json.put("queries", result.scores().queries());
    json.put("leftOut", result.scores().leftOut());
    json.put("gallery", result.gallery());
    json.putAll(result.scores().means());
    json.put("baseRate", result.baseRate());
    if (!Double.isNaN(result.accuracy())) {
      json.put("accuracy", result.accuracy());
    }
    if (result.found() == null) {
      attributes(result, json);
    } else {
      classes(result.found(), json);
    }
    json.put("precisionAtRecall", result.elevenPoints().precision());
    return json;
  }

  private static void attributes(Evaluation.Result result, Map<String, Object> json) {
    if (result.pairs() != null) {
      Map<String, Object> pairs = new LinkedHashMap<>(result.pairs().means());
      pairs.put("queries", result.pairs().queries());
      json.put("pairs", pairs);
    }
    if (result.without() != null) {
      Map<String, Object> without = new LinkedHashMap<>(result.without().means());
      without.put("queries", result.without().queries());
      json.put("without", without);
    }
    result
        .forms()
        .forEach(
            (form, scores) ->
                json.put(form.name().toLowerCase(Locale.ROOT).replace('_', '-'), scores.means()));
    Map<String, Object> each = new LinkedHashMap<>();
    for (Evaluation.Single single : result.single()) {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("relevant", single.relevant());
      figures.put("P@10", single.scores().mean("P@10"));
      figures.put("mAP", single.scores().mean("mAP"));
      figures.put("mAP-ties", single.curve().averagePrecision());
      figures.put("AUC", single.curve().rocArea());
      each.put(single.attribute(), figures);
    }
    json.put("attributes", each);
    if (result.changed() != null) {
      Map<String, Object> changed = new LinkedHashMap<>();
      changed.put("queries", result.changed().queries());
      changed.put("MCA@10", result.changed().embeddings().mca());
      changed.put("MCS@10", result.changed().embeddings().mcs());
      changed.put("CS-P@10", result.changed().embeddings().csp());
      changed.put("MCS-bits@10", result.changed().bits().mcs());
      changed.put("CS-P-bits@10", result.changed().bits().csp());
      json.put("changed", changed);
    }
  }

  private static void classes(ClassEvaluation.Found found, Map<String, Object> json) {
    json.putAll(found.others());
    Map<String, Object> byClass = new LinkedHashMap<>(found.byClass().means());
    byClass.put("classes", found.classes());
    json.put("meanOverClasses", byClass);
    if (!found.intervals().isEmpty()) {
      Map<String, Object> intervals = new LinkedHashMap<>();
      for (Map.Entry<String, Bootstrap.Interval> each : found.intervals().entrySet()) {
        intervals.put(each.getKey(), List.of(each.getValue().low(), each.getValue().high()));
      }
      json.put("intervals", intervals);
    }
    List<Map<String, Object>> confused = new ArrayList<>();
    for (Confusion.Pair pair : found.confusion().worst(CONFUSED)) {
      Map<String, Object> cell = new LinkedHashMap<>();
      cell.put("query", pair.query());
      cell.put("nearest", pair.nearest());
      cell.put("count", pair.count());
      cell.put("share", pair.share());
      confused.add(cell);
    }
    json.put("confused", confused);
    List<Map<String, Object>> worst = new ArrayList<>();
    for (ClassEvaluation.Worst each : found.worst()) {
      Map<String, Object> query = new LinkedHashMap<>();
      query.put("query", found.sides().queries().id(each.query()));
      query.put("AP", each.precision());
      List<String> nearest = new ArrayList<>();
      for (int row : each.rows()) {
        nearest.add(found.sides().gallery().id(row));
      }
      query.put("nearest", nearest);
      worst.add(query);
    }
    if (!worst.isEmpty()) {
      json.put("worst", worst);
    }
    Map<String, Object> memory = new LinkedHashMap<>();
    memory.put("bytes", found.outcome().plan().bytes());
    memory.put("budget", found.outcome().plan().budget());
    memory.put("queriesAtATime", found.outcome().plan().chunk());
    memory.put("rowsAtATime", found.outcome().plan().tile());
    json.put("memory", memory);
  }
}

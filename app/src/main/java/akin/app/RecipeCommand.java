package akin.app;

import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Reducer;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Entry;
import akin.nn.metric.catalogue.Option;
import akin.nn.metric.catalogue.Setup;
import akin.retrieval.config.ObjectiveConfig;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code akin recipe}. */
@Command(
    name = "recipe",
    description =
        "Lists the recipes, and the losses, miners and reducers that objective: {kind: metric}"
            + " takes. With the name of a recipe, prints it; with that of a loss, its options, what"
            + " it goes with, and why not with the rest.")
final class RecipeCommand implements Callable<Integer> {
  private static final String YES = "yes";

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "A recipe or a loss of the list.")
  private String name;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Console console = common.console();
    console.result(name == null ? all(console) : one(console, name));
    return ExitCode.OK;
  }

  private static Map<String, Object> all(Console console) {
    Map<String, Object> json = new LinkedHashMap<>();
    Map<String, String> recipes = new LinkedHashMap<>();
    console.print("recipes: akin train NAME --data DIR --out RUN --set KEY=VALUE");
    for (String recipe : Recipes.NAMES) {
      console.print("  %-28s %s", recipe, Recipes.about(recipe));
      recipes.put(recipe, Recipes.about(recipe));
    }
    json.put("recipes", recipes);
    Map<String, Object> losses = new LinkedHashMap<>();
    console.print("losses, what each must know of a batch, and what it makes of mined tuples");
    for (Entry<Loss> entry : Catalogue.losses()) {
      Needs needs = Catalogue.needs(entry);
      String supervision = lower(needs.supervision());
      String tuples = lower(needs.tuples());
      console.print("  %-28s %-9s %-9s %s", entry.name(), supervision, tuples, entry.about());
      losses.put(
          entry.name(),
          Map.of("supervision", supervision, "tuples", tuples, "about", entry.about()));
    }
    json.put("losses", losses);
    json.put("miners", list(console, "miners", Catalogue.miners()));
    json.put("reducers", list(console, "reducers", ObjectiveConfig.Metric.reducers()));
    console.print("now try   akin recipe %s", Catalogue.losses().get(0).name());
    return json;
  }

  private static <T> Map<String, String> list(Console console, String title, List<Entry<T>> all) {
    console.print("%s", title);
    Map<String, String> json = new LinkedHashMap<>();
    for (Entry<T> entry : all) {
      console.print("  %-28s %s", entry.name(), entry.about());
      json.put(entry.name(), entry.about());
    }
    return json;
  }

  private static Map<String, Object> one(Console console, String name) {
    if (Recipes.NAMES.contains(name)) {
      console.print("%s", Recipes.text(name).stripTrailing());
      return Map.of("recipe", name, "text", Recipes.text(name));
    }
    List<String> names = new ArrayList<>(Recipes.NAMES);
    Catalogue.losses().forEach(loss -> names.add(loss.name()));
    if (!names.contains(name)) {
      throw UserError.of("there is no recipe and no loss called " + name)
          .rule("akin recipe lists them")
          .mend(NearestName.hint(name, names));
    }
    return loss(console, Catalogue.find(Catalogue.losses(), name));
  }

  /** What a loss goes with; where it does not, the reason. */
  private static Map<String, Object> loss(Console console, Entry<Loss> entry) {
    Needs needs = Catalogue.needs(entry);
    console.print("%s: %s", entry.name(), entry.about());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("loss", entry.name());
    json.put("options", options(console, entry.options()));
    Map<String, String> supervision = new LinkedHashMap<>();
    for (Needs.Supervision given : Needs.Supervision.values()) {
      supervision.put(lower(given), answer(needs.refusal(given, false)));
    }
    json.put("supervision", shown(console, "supervised by", supervision));
    Needs.Supervision least = needs.supervision();
    Map<String, String> miners = new LinkedHashMap<>();
    for (Entry<?> miner : Catalogue.miners()) {
      boolean chooses = !miner.name().equals("all");
      miners.put(miner.name(), answer(needs.refusal(least, chooses)));
    }
    json.put("miners", shown(console, "miners", miners));
    Map<String, String> reducers = new LinkedHashMap<>();
    for (Entry<Reducer> reducer : ObjectiveConfig.Metric.reducers()) {
      reducers.put(reducer.name(), answer(needs.refusal(reducer.usual(Setup.of(1, 1)))));
    }
    json.put("reducers", shown(console, "reducers", reducers));
    Map<String, String> wrappers = new LinkedHashMap<>();
    wrappers.put("cross-batch memory", answer(needs.refusalOfMemory()));
    wrappers.put("two views in place of labels", answer(needs.refusalOfViews()));
    json.put("wrappers", shown(console, "with", wrappers));
    Map<String, String> samplers = new LinkedHashMap<>();
    samplers.put("random, epoch, category, domain (P classes × K pictures)", YES);
    samplers.put(
        "shuffle",
        needs.teachesAlone()
            ? YES
            : "Few pictures of a shuffled batch have a positive in it; it works.");
    json.put("samplers", shown(console, "samplers", samplers));
    return json;
  }

  /** What may be set, with the published values. */
  private static Map<String, Map<String, Object>> options(Console console, List<Option> options) {
    Map<String, Map<String, Object>> json = new LinkedHashMap<>();
    console.print(options.isEmpty() ? "no options" : "options, with their published values");
    for (Option option : options) {
      console.print("  %-28s %-11s %s", option.name(), option.published(), option.rule());
      json.put(option.name(), Map.of("published", option.published(), "rule", option.rule()));
    }
    return json;
  }

  private static Map<String, String> shown(
      Console console, String title, Map<String, String> answers) {
    console.print("%s", title);
    answers.forEach((what, answer) -> console.print("  %-40s %s", what, answer));
    return answers;
  }

  private static String answer(Optional<String> refusal) {
    return refusal.map(reason -> "no. " + reason).orElse(YES);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}

package akin.tests;

import akin.nn.optim.Adam;
import akin.nn.optim.AdamW;
import akin.nn.optim.Rule;
import akin.nn.optim.Sgd;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** The rule that a golden run names; null if Akin has none such. */
final class Options {
  private static final Set<String> KNOWN =
      Set.of("lr", "momentum", "dampening", "nesterov", "weight_decay", "betas", "eps");

  private Options() {}

  static Rule rule(JsonNode run) {
    JsonNode options = run.get("options");
    Iterable<String> names = options::fieldNames;
    for (String name : names) {
      if (!KNOWN.contains(name)) {
        return null;
      }
    }
    double rate = options.get("lr").asDouble();
    double beta1 = options.path("betas").path(0).asDouble(0.9);
    double beta2 = options.path("betas").path(1).asDouble(0.999);
    double eps = options.path("eps").asDouble(1e-8);
    switch (run.get("optimizer").asText()) {
      case "SGD":
        return new Sgd(
            rate,
            options.path("momentum").asDouble(0),
            options.path("dampening").asDouble(0),
            options.path("nesterov").asBoolean(false),
            options.path("weight_decay").asDouble(0));
      case "Adam":
        return new Adam(rate, beta1, beta2, eps, options.path("weight_decay").asDouble(0));
      case "AdamW":
        return new AdamW(rate, beta1, beta2, eps, options.path("weight_decay").asDouble(1e-2));
      default:
        return null;
    }
  }
}

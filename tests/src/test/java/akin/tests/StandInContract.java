package akin.tests;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.check.BackendContract;
import akin.tensor.check.BackendContract.Result;

/**
 * Runs the backend contract on {@code cuda}, whose libraries are the stand-ins, and prints the
 * backend's name, then what fails of the methods that begin as the argument says, then what was not
 * given back.
 */
final class StandInContract {
  private StandInContract() {}

  public static void main(String[] args) {
    try (Backend backend = Backends.open("cuda", 1)) {
      System.out.println(backend.name());
    }
    for (String which : args[0].split(",")) {
      for (Result r :
          BackendContract.run(() -> Backends.open("cuda", 1), m -> m.startsWith(which))) {
        r.failures().forEach(failure -> System.out.println(r.method() + ": " + failure));
      }
    }
    if (!StandInCard.lastFault().isEmpty()) {
      System.out.println(StandInCard.lastFault());
    }
    System.out.println("left over: " + StandInCard.live());
  }
}

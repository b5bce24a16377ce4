package akin.tests;

import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Buffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Several backends of one card in one process, used and closed on several threads. */
final class StandInDevices {
  private static final int NUMBERS = 64;

  private StandInDevices() {}

  /** Two share the card and take turns on two threads; then one is closed on the other thread. */
  static String shared() {
    try (Backend one = Backends.open("cuda", 1);
        Backend two = Backends.open("cuda", 1)) {
      double sum = filled(one, 1) + filled(two, 2) + elsewhere(() -> filled(one, 3));
      String closed = elsewhere(() -> closed(one));
      return sum + filled(two, 4) + ", " + closed + ", " + used(one);
    }
  }

  /** A card that is lost, closed on a thread on which nothing of it was used before. */
  static String lost() {
    Backend cuda = Backends.open("cuda", 1);
    filled(cuda, 1);
    StandInCard.configure("AKIN_STANDIN_FAIL", "cuCtxSetCurrent:1:700!");
    try {
      return elsewhere(() -> closed(cuda)) + ", " + used(cuda);
    } finally {
      StandInCard.configure("AKIN_STANDIN_FAIL", "");
    }
  }

  /** Computes with memory of every kind: buffers, working memory, cuDNN's handle. */
  private static double filled(Backend cuda, double value) {
    Buffer x = cuda.allocate(NUMBERS);
    cuda.fill(x, value);
    cuda.softmax(false, x, x, 1, NUMBERS, 1);
    cuda.affine(value * NUMBERS, x, 0, x);
    float[] numbers = new float[NUMBERS];
    cuda.download(x, numbers);
    cuda.release(x);
    return numbers[0];
  }

  private static String closed(Backend cuda) {
    try {
      cuda.close();
      cuda.close();
      return "closed";
    } catch (UserError e) {
      return e.what();
    }
  }

  private static String used(Backend closed) {
    try {
      closed.allocate(NUMBERS);
      return "used";
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  private static <T> T elsewhere(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task);
    thread.start();
    try {
      return task.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

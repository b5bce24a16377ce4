package akin.retrieval;

/**
 * Where long work tells how far it is; the command line shows bars, tests and libraries show
 * nothing.
 */
public interface Progress {
  /** Shows nothing. */
  Progress NONE =
      new Progress() {
        @Override
        public Bar start(String task, long total) {
          return new Bar() {
            @Override
            public void advance(long by) {}

            @Override
            public void note(String text) {}

            @Override
            public void close() {}
          };
        }

        @Override
        public void say(String line) {}
      };

  /** Begins a task of {@code total} steps. */
  Bar start(String task, long total);

  /** Tells people one line. */
  void say(String line);

  /** One task under way. May be advanced from any thread. */
  interface Bar extends AutoCloseable {
    /** That many steps more are done. */
    void advance(long by);

    /** A short text beside the bar, such as the loss. */
    void note(String text);

    @Override
    void close();
  }
}

package akin.cuda.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The committed sources are those that the generators write. */
class GeneratedSourcesTest {
  @Test
  void theCommittedFilesAreWhatTheTablesSay() {
    GeneratedSources.all()
        .forEach(
            (file, text) ->
                assertEquals(
                    text,
                    file.source(),
                    file.stem() + ".cu: let GeneratedSources write it, and NVRTC its PTX"));
  }
}

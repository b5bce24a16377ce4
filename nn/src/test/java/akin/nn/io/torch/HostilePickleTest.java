package akin.nn.io.torch;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.io.ByteSource;
import akin.nn.io.WeightFile;
import akin.nn.io.torch.PickleWriter.Tensor;
import akin.tensor.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pickles made to hurt: small ones that would grow, or never end. */
class HostilePickleTest {
  @TempDir Path folder;

  private String refused(PickleWriter pickle) {
    Path file =
        TorchFiles.zip(folder.resolve("hostile.pth"), pickle.bytes(), Map.of("0", new byte[16]));
    // Preemptively: a reader that never ends fails here, too.
    return Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> assertThrows(UserError.class, () -> WeightFile.open(file).close()))
        .getMessage();
  }

  @Test
  void tenOfTenOfTenIsRefused() {
    PickleWriter pickle = new PickleWriter().value("lol").raw("q\0000");
    for (int level = 1; level <= 20; level++) {
      pickle.raw("](");
      for (int i = 0; i < 10; i++) {
        pickle.op('h').op(level - 1);
      }
      pickle.raw("eq").op(level).raw("0");
    }
    assertTrue(refused(pickle.raw("h").op(20)).contains("nested without end"));
  }

  @Test
  void manyTensorsWithOneLongNameAreRefused() {
    String tail = "x".repeat(1000);
    PickleWriter pickle = new PickleWriter().raw("}(").value(tail).raw("}(");
    for (int i = 0; i < 256; i++) {
      pickle.op('K').op(i).raw("}(").value(tail).op('N');
      for (int j = 0; j < 50; j++) {
        pickle.op('K').op(j).op('N');
      }
      pickle.raw("u");
    }
    assertTrue(refused(pickle.raw("uu")).contains("nested without end"));
  }

  @Test
  void whatContainsItselfIsRefused() {
    assertTrue(refused(new PickleWriter().raw("]q\0h\0a")).contains("nested without end"));
    assertTrue(
        refused(new PickleWriter().raw("}q\0").value("k").raw("h\0s"))
            .contains("nested without end"));
  }

  @Test
  void deepNestingIsRefusedWithoutRecursion() {
    PickleWriter pickle = new PickleWriter();
    for (int i = 0; i < 200_000; i++) {
      pickle.op(']');
    }
    for (int i = 1; i < 200_000; i++) {
      pickle.op('a');
    }
    assertTrue(refused(pickle).contains("nested without end"));
  }

  @Test
  void lengthsBeyondTheFileAreRefused() {
    assertTrue(
        refused(new PickleWriter().raw("X\u00ff\u00ff\u00ff\u007f")).contains("passes its end"));
    assertTrue(
        refused(new PickleWriter().raw("T\u00ff\u00ff\u00ff\u00ff")).contains("passes its end"));
    assertTrue(
        refused(new PickleWriter().op(0x8e).raw("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f"))
            .contains("passes its end"));
    assertTrue(refused(new PickleWriter().raw("Nr\u00ff\u00ff\u00ff\u007f")).contains("memo"));
    assertTrue(refused(new PickleWriter().raw("h\0")).contains("memo"));
  }

  @Test
  void aStackThatIsEmptyOrMarkedIsNotReachedBelow() {
    for (String opcodes :
        new String[] {"0", "t", "a", "N(0", "N(\u0085", "R", "Q", "b", "u", "NN"}) {
      assertTrue(refused(new PickleWriter().raw(opcodes)).contains("rule: the pickle"), opcodes);
    }
  }

  @Test
  void argumentsThatTorchNeverWritesAreRefused() {
    PickleWriter none = new PickleWriter().global("torch._utils", "_rebuild_tensor_v2").raw(")R");
    assertTrue(refused(none).contains("TENSOR_V2"));
    PickleWriter unstored =
        new PickleWriter().global("torch._utils", "_rebuild_tensor_v2").raw("(NK\0))tR");
    assertTrue(refused(unstored).contains("has a storage"));
    assertTrue(
        refused(new PickleWriter().global("torch", "FloatStorage").raw(")R"))
            .contains("only a function"));
    assertTrue(refused(new PickleWriter().raw(")Q")).contains("is a storage"));
    Tensor four = Tensor.of("FloatStorage", "0", 4);
    Tensor two = Tensor.of("FloatStorage", "0", 2);
    PickleWriter twoLengths = new PickleWriter().raw("](").storage(four).storage(two).raw("e");
    assertTrue(refused(twoLengths).contains("one type and one length"));
  }

  /** Pieces of programs: every opcode that is known, with arguments that mean something. */
  private static final String[] PIECES = {
    "N",
    "\u0088",
    "\u0089",
    "K\1",
    "K\2",
    "M\0\1",
    "J\u00ff\u00ff\u00ff\u00ff",
    "\u008a\1\7",
    "G\0\0\0\0\0\0\0\0",
    "X\1\0\0\0a",
    "U\1b",
    "C\1c",
    "(",
    "(",
    "(",
    ")",
    "t",
    "\u0085",
    "\u0086",
    "\u0087",
    "]",
    "a",
    "e",
    "}",
    "s",
    "u",
    "q\0",
    "q\1",
    "\u0094",
    "h\0",
    "h\1",
    "0",
    "R",
    "b",
    "Q",
    "ccollections\nOrderedDict\n",
    "ctorch\nSize\n",
    "ctorch._utils\n_rebuild_tensor\n",
    "ctorch._utils\n_rebuild_tensor_v2\n",
    "ctorch._utils\n_rebuild_parameter\n",
    "ctorch.nn.parameter\nParameter\n",
    "ctorch\nFloatStorage\n",
    "(X\7\0\0\0storagectorch\nByteStorage\nX\1\0\0\0kNK\11tQ",
    "(X\7\0\0\0storagectorch\nByteStorage\nX\1\0\0\0kNK\11tQK\0K\3\u0085K\1\u0085t",
    "ctorch._utils\n_rebuild_tensor\n(",
  };

  @Test
  void randomProgramsEndInAValueOrARefusal() {
    Random random = new Random(7);
    Path nowhere = Path.of("random.pth");
    int values = 0;
    int programs = 50_000;
    for (int i = 0; i < programs; i++) {
      StringBuilder program = new StringBuilder();
      for (int pieces = 1 + random.nextInt(16); pieces > 0; pieces--) {
        program.append(PIECES[random.nextInt(PIECES.length)]);
      }
      byte[] bytes = program.append('.').toString().getBytes(StandardCharsets.ISO_8859_1);
      try {
        PickleInput in = new PickleInput(nowhere, ByteSource.of(bytes), 0, bytes.length);
        TorchTree.of(nowhere, Pickle.read(in, new TorchObjects()), bytes.length);
        values++;
      } catch (UserError e) {
        assertTrue(e.getMessage().startsWith("random.pth"), e.getMessage());
      } catch (Throwable e) {
        Assertions.fail("program " + i + ": " + program, e);
      }
    }
    assertTrue(values > programs / 100 && values < programs, values + " programs gave a value");
  }
}

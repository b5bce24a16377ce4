package akin.retrieval.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.data.Datasets.Layout;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Sink;
import us.hebi.matlab.mat.types.Sinks;
import us.hebi.matlab.mat.types.Struct;

/** Cars-196 in small: four classes of two pictures each. */
class CarsReaderTest {
  private static final int CLASSES = 4;

  @TempDir Path folder;

  @BeforeEach
  void pictures() throws IOException {
    Files.createDirectories(folder.resolve("car_ims"));
    for (int i = 0; i < 2 * CLASSES; i++) {
      byte[] pixels = new byte[6 * 5];
      for (int k = 0; k < pixels.length; k++) {
        pixels[k] = (byte) (10 * i + k);
      }
      Files.write(folder.resolve(path(i)), ImageCodec.png(new Image(6, 5, 1, pixels)));
    }
  }

  private static String path(int i) {
    return "car_ims/00000" + (i + 1) + ".png";
  }

  private Struct annotations() {
    Struct all = Mat5.newStruct(1, 2 * CLASSES);
    for (int i = 0; i < 2 * CLASSES; i++) {
      all.set("relative_im_path", i, Mat5.newString(path(i)));
      all.set("bbox_x1", i, Mat5.newScalar(2));
      all.set("bbox_y1", i, Mat5.newScalar(1));
      all.set("bbox_x2", i, Mat5.newScalar(4));
      all.set("bbox_y2", i, Mat5.newScalar(9)); // one that reaches beyond the picture
      all.set("class", i, Mat5.newScalar(i % CLASSES + 1));
      all.set("test", i, Mat5.newScalar(i % 2));
    }
    return all;
  }

  private void write(Struct annotations) throws IOException {
    write(annotations, Deflater.NO_COMPRESSION);
  }

  private void write(Struct annotations, int level) throws IOException {
    Cell names = Mat5.newCell(1, CLASSES);
    for (int c = 0; c < CLASSES; c++) {
      names.set(c, Mat5.newString("Car " + c));
    }
    try (MatFile mat = Mat5.newMatFile();
        Sink sink = Sinks.newStreamingFile(folder.resolve(CarsReader.LIST).toFile())) {
      mat.addArray("annotations", annotations).addArray("class_names", names);
      Mat5.newWriter(sink).setDeflateLevel(level).writeMat(mat);
    }
  }

  private void refused(String... parts) {
    UserError error = assertThrows(UserError.class, () -> Datasets.open(folder, Layout.AUTO));
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), part + " is not in: " + error.getMessage());
    }
  }

  @Test
  void halfOfTheClassesTrainAndTheOthersAreNeverSeen() throws IOException {
    write(annotations());
    Dataset cars = Datasets.open(folder, Layout.AUTO);
    assertEquals(List.of("Car 0", "Car 1", "Car 2", "Car 3"), cars.classNames());
    assertArrayEquals(new int[] {0, 1, 4, 5}, cars.indices(Split.TRAIN));
    assertArrayEquals(new int[] {2, 3, 6, 7}, cars.indices(Split.TEST));
    assertEquals("car_ims/000003.png", cars.id(2));
    assertEquals(2, cars.label(2));
    assertEquals(6, cars.image(0).width());
  }

  @Test
  void boxesCountFromOneAndHoldBothEnds() throws IOException {
    write(annotations());
    Image car = Datasets.open(folder, Layout.CARS_BOXES).image(1);
    assertEquals(3, car.width());
    assertEquals(5, car.height()); // cut off where the picture ends
    assertEquals(10 + 1, car.at(0, 0, 0));
    assertEquals(10 + 6 + 3, car.at(2, 1, 0));
  }

  @Test
  void cutPicturesReachTheNetwork() throws IOException {
    write(annotations());
    Dataset cars = Datasets.open(folder, Layout.CARS_BOXES);
    Dataset whole = Datasets.open(folder, Layout.CARS);
    Preprocessing small = Preprocessing.stretch(2, 2);
    float[] cut = new float[small.length()];
    float[] all = new float[small.length()];
    cars.load(0, small, cut, 0);
    whole.load(0, small, all, 0);
    assertTrue(!Arrays.equals(cut, all), "the box makes a difference");
  }

  @Test
  void mistakesOfTheListAreTold() throws IOException {
    Struct wrongClass = annotations();
    wrongClass.set("class", 3, Mat5.newScalar(CLASSES + 1));
    write(wrongClass);
    refused("annotation 4", "class 5", "1 to 4");

    Struct wrongBox = annotations();
    wrongBox.set("bbox_x2", 0, Mat5.newScalar(1));
    write(wrongBox);
    refused("annotation 1", "box", "x 2 to 1");

    Struct missing = annotations();
    missing.set("relative_im_path", 5, Mat5.newString("car_ims/none.png"));
    write(missing);
    refused("car_ims/none.png is missing");

    Struct twice = annotations();
    twice.set("relative_im_path", 5, Mat5.newString(path(0)));
    write(twice);
    refused("listed twice");
  }

  @Test
  void everyTruncationIsOneMessage() throws IOException {
    write(annotations());
    Path file = folder.resolve(CarsReader.LIST);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      refused(CarsReader.LIST);
    }
  }

  /** As MATLAB writes it since version 7; this one has no element that is not compressed. */
  @Test
  void compressedListsAreRead() throws IOException {
    write(annotations());
    Path file = folder.resolve(CarsReader.LIST);
    long plain = Files.size(file);
    List<String> ids = ids(Datasets.open(folder, Layout.AUTO));
    write(annotations(), Deflater.BEST_COMPRESSION);
    assertTrue(Files.size(file) < plain / 2, Files.size(file) + " of " + plain);
    assertEquals(ids, ids(Datasets.open(folder, Layout.AUTO)));
  }

  private static List<String> ids(Dataset all) {
    return IntStream.range(0, all.size()).mapToObj(i -> all.id(i) + all.label(i)).toList();
  }

  /** Each four bytes in turn claim 2³⁰, 2²⁴ and 2²² (the size of an array, if they are one). */
  @Test
  void sizesThatCannotBeTakeNoMemory() throws IOException {
    write(annotations());
    Path file = folder.resolve(CarsReader.LIST);
    byte[] whole = Files.readAllBytes(file);
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int at = 128; at + 4 <= whole.length; at += 4) {
      for (int claimed : new int[] {1 << 30, 1 << 24, 1 << 22}) {
        ByteBuffer damaged = ByteBuffer.wrap(whole.clone()).order(ByteOrder.nativeOrder());
        damaged.putInt(at, claimed);
        Files.write(file, damaged.array());
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        try {
          Datasets.open(folder, Layout.CARS);
        } catch (UserError e) {
          assertTrue(e.getMessage().contains(CarsReader.LIST), e.getMessage());
        }
        long taken = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertTrue(taken < 8L * SmallMatReader.LARGEST, claimed + " at " + at + ": " + taken);
      }
    }
  }

  @Test
  void damageIsAListOrOneMessage() throws IOException {
    write(annotations());
    Path file = folder.resolve(CarsReader.LIST);
    byte[] whole = Files.readAllBytes(file);
    RandomStream draws = RandomStream.of(1, "damage");
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      damaged[draws.below(2 * i, damaged.length)] = (byte) draws.bits(2 * i + 1);
      Files.write(file, damaged);
      try {
        Datasets.open(folder, Layout.CARS);
      } catch (UserError e) {
        refused++;
      }
    }
    assertTrue(refused > 20, refused + " of 300 damaged lists were refused");
  }
}

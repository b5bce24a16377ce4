package akin.cuda.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.device.Grid;
import akin.cuda.sim.observe.Trace;
import akin.cuda.sim.observe.Trace.Event;
import akin.cuda.sim.ptx.Space;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceTest {
  @Test
  void tellsWhatAWarpDoes() {
    List<Event> events = new ArrayList<>();
    Card card =
        new Card(
            Card.kernel(
                "",
                "mul.wide.u32 %rd1, %t, 4; add.s64 %rd2, %a, %rd1;"
                    + "setp.lt.u32 %p1, %t, 40; @%p1 ld.global.f32 %f1, [%rd2];"
                    + "shfl.sync.bfly.b32 %r1|%p2, %t, 1, 31, -1;"),
            new Trace(1, 0, 1, events::add));
    float[] values = new float[64];
    values[33] = 1.5f;
    long a = card.put(values);
    card.run("k", Grid.of(3, 64), a, a);

    assertEquals(9, events.size());
    assertEquals("mov.u32 %t, %tid.x;", events.get(2).instruction().text());
    assertEquals("33", events.get(2).written().get(0).text(1));
    Event load = events.get(6);
    assertEquals(0xff, load.active());
    assertEquals(-1, load.live());
    assertEquals(7, load.instruction().source().line());
    assertEquals("1.5", load.written().get(0).text(1));
    assertEquals(8, load.touched().size());
    assertEquals(new Trace.Touch(7, Space.GLOBAL, a + 4 * 39, 4), load.touched().get(7));
    assertEquals("true", events.get(5).written().get(0).text(7));
    assertEquals("false", events.get(5).written().get(0).text(8));
    assertEquals(2, events.get(7).written().size());
    assertTrue(events.get(8).written().isEmpty());
  }
}

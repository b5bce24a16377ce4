package akin.cuda.planted;

import akin.cuda.device.Args;
import akin.cuda.device.Device;
import akin.cuda.device.Grid;
import akin.cuda.kernel.KernelFile;
import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Operand.Register;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A card that launches one block only of a kernel that strides over its grid: such a kernel must
 * give the same with any grid, and only so do small cases stride.
 */
final class NarrowGrid {
  private static final int BLOCKS = 1;

  /** Each block of these writes a sum of its own, and another kernel reads as many. */
  private static final Set<String> FIXED =
      Set.of("bn_moments_columns", "bn_moments_runs", "bn_products_columns", "bn_products_runs");

  private static final Set<String> STRIDING =
      Arrays.stream(KernelFile.values())
          .flatMap(file -> Mutant.committed(file).entries())
          .filter(NarrowGrid::asksForGrid)
          .map(Function::name)
          .filter(name -> !FIXED.contains(name))
          .collect(Collectors.toSet());

  private NarrowGrid() {}

  private static boolean asksForGrid(Function kernel) {
    return kernel.body().stream().anyMatch(i -> i.operands().contains(new Register("%nctaid.x")));
  }

  /** Whether a kernel strides over its grid. */
  static boolean strides(String kernel) {
    return STRIDING.contains(kernel);
  }

  /** A card with narrow grids over a card. */
  static Device over(Device card) {
    return (Device)
        Proxy.newProxyInstance(
            Device.class.getClassLoader(),
            new Class<?>[] {Device.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(
                    card, method.getName().equals("launch") ? narrowed(arguments) : arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Object[] narrowed(Object... arguments) {
    Device.Kernel kernel = (Device.Kernel) arguments[0];
    Grid grid = (Grid) arguments[1];
    int x = strides(kernel.name()) ? Math.min(grid.x(), BLOCKS) : grid.x();
    Grid narrow = new Grid(x, grid.y(), grid.threads(), grid.threadsY(), grid.sharedBytes());
    return new Object[] {kernel, narrow, (Args) arguments[2]};
  }
}

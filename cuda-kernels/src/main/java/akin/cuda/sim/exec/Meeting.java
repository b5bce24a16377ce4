package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Operand.Symbol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the lanes of a warp that part at a branch meet again: the branch's immediate
 * post-dominator, the first step that every path from it to the end passes.
 */
final class Meeting {
  private final Function function;
  private final int end;
  private final List<List<Integer>> successors = new ArrayList<>();
  private final int[] meets;
  private final int[] order;

  Meeting(Function function) {
    this.function = function;
    end = function.body().size();
    for (int i = 0; i < end; i++) {
      successors.add(successors(i));
    }
    meets = new int[end + 1];
    order = new int[end + 1];
    Arrays.fill(meets, -1);
    meets[end] = end;
    solve(backwards());
  }

  /** Where the lanes that part at a step meet: a step's index, or the function's length. */
  int of(int step) {
    return meets[step] < 0 ? end : meets[step];
  }

  private List<Integer> successors(int index) {
    Instruction i = function.body().get(index);
    List<Integer> next = new ArrayList<>();
    boolean always = i.guard() == null;
    switch (i.name()) {
      case "bra" -> {
        if (i.operand(0) instanceof Symbol) {
          next.add(function.labels().getOrDefault(((Symbol) i.operand(0)).name(), end));
        }
        if (!always) {
          next.add(index + 1);
        }
      }
      case "ret", "exit", "trap" -> {
        next.add(end);
        if (!always) {
          next.add(index + 1);
        }
      }
      default -> next.add(index + 1);
    }
    return next;
  }

  /** The steps from the end backwards, each after one that follows it. */
  private List<Integer> backwards() {
    List<List<Integer>> before = new ArrayList<>();
    for (int i = 0; i <= end; i++) {
      before.add(new ArrayList<>());
    }
    for (int i = 0; i < end; i++) {
      for (int next : successors.get(i)) {
        before.get(next).add(i);
      }
    }
    List<Integer> finished = new ArrayList<>();
    boolean[] seen = new boolean[end + 1];
    int[] stack = new int[end + 1];
    int[] child = new int[end + 1];
    int depth = 0;
    seen[end] = true;
    stack[0] = end;
    while (depth >= 0) {
      int node = stack[depth];
      if (child[depth] < before.get(node).size()) {
        int next = before.get(node).get(child[depth]++);
        if (!seen[next]) {
          seen[next] = true;
          stack[++depth] = next;
          child[depth] = 0;
        }
      } else {
        finished.add(node);
        depth--;
      }
    }
    for (int i = 0; i < finished.size(); i++) {
      order[finished.get(i)] = i;
    }
    List<Integer> reversed = new ArrayList<>();
    for (int i = finished.size() - 2; i >= 0; i--) {
      reversed.add(finished.get(i));
    }
    return reversed;
  }

  /** Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm", on the graph reversed. */
  private void solve(List<Integer> nodes) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int node : nodes) {
        int meet = -1;
        for (int next : successors.get(node)) {
          if (meets[next] >= 0) {
            meet = meet < 0 ? next : common(meet, next);
          }
        }
        if (meet != meets[node]) {
          meets[node] = meet;
          changed = true;
        }
      }
    }
  }

  private int common(int a, int b) {
    int first = a;
    int second = b;
    while (first != second) {
      while (order[first] < order[second]) {
        first = meets[first];
      }
      while (order[second] < order[first]) {
        second = meets[second];
      }
    }
    return first;
  }
}

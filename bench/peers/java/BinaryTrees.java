// SPDX-License-Identifier: MIT
// binary-trees (Benchmarks Game).
public final class BinaryTrees {
  private static final int MIN_DEPTH = 4;

  private record Node(Node left, Node right) {
    int count() {
      return left == null ? 1 : 1 + left.count() + right.count();
    }
  }

  private static Node bottomUp(int depth) {
    return depth == 0
        ? new Node(null, null)
        : new Node(bottomUp(depth - 1), bottomUp(depth - 1));
  }

  public static void main(String[] arguments) {
    int requested = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 18;
    int maxDepth = Math.max(MIN_DEPTH + 2, requested);

    int stretch = bottomUp(maxDepth + 1).count();
    System.out.println("stretch tree of depth " + (maxDepth + 1) + "\t check: " + stretch);
    long total = stretch;

    Node longLived = bottomUp(maxDepth);
    for (int depth = MIN_DEPTH; depth <= maxDepth; depth += 2) {
      int trees = 1 << (maxDepth - depth + MIN_DEPTH);
      int check = 0;
      for (int i = 0; i < trees; i++) check += bottomUp(depth).count();
      System.out.println(trees + "\t trees of depth " + depth + "\t check: " + check);
      total += check;
    }

    int kept = longLived.count();
    System.out.println("long lived tree of depth " + maxDepth + "\t check: " + kept);
    System.out.println("checksum " + (total + kept));
  }
}

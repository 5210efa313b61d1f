// SPDX-License-Identifier: MIT
// GCBench (Ellis, Kovac, Boehm).
import java.util.function.IntFunction;

public final class GcBench {
  private static final int MIN_DEPTH = 4;

  private static final class Node {
    Node left;
    Node right;
    int i;
    int j;

    Node() {}

    Node(Node left, Node right) {
      this.left = left;
      this.right = right;
    }
  }

  private static void populate(int depth, Node node) {
    if (depth <= 0) return;
    node.left = new Node();
    node.right = new Node();
    populate(depth - 1, node.left);
    populate(depth - 1, node.right);
  }

  private static Node populated(int depth) {
    Node root = new Node();
    populate(depth, root);
    return root;
  }

  private static Node makeTree(int depth) {
    return depth <= 0 ? new Node() : new Node(makeTree(depth - 1), makeTree(depth - 1));
  }

  private static long treeSize(int depth) {
    return (1L << (depth + 1)) - 1;
  }

  private static long spine(Node node) {
    long length = 0;
    for (; node != null; node = node.left) length++;
    return length;
  }

  private static long count(Node node) {
    return node == null ? 0 : 1 + count(node.left) + count(node.right);
  }

  private static long buildAndDrop(IntFunction<Node> build, int depth, long trees) {
    long sum = 0;
    for (long i = 0; i < trees; i++) sum += spine(build.apply(depth));
    return sum;
  }

  public static void main(String[] arguments) {
    int requested = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 18;
    int arrayLength = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 500_000;
    int stretchDepth = Math.max(MIN_DEPTH + 2, requested);
    int maxDepth = stretchDepth - 2;

    long checksum = buildAndDrop(GcBench::makeTree, stretchDepth, 1);

    Node longLived = populated(maxDepth);
    double[] array = new double[arrayLength];
    for (int i = 1; i < arrayLength / 2; i++) array[i] = 1.0 / i;

    for (int depth = MIN_DEPTH; depth <= maxDepth; depth += 2) {
      long trees = 2 * treeSize(stretchDepth) / treeSize(depth);
      checksum += buildAndDrop(GcBench::populated, depth, trees);
      checksum += buildAndDrop(GcBench::makeTree, depth, trees);
    }

    double sum = 0;
    for (double element : array) sum += element;
    checksum += count(longLived) + (long) Math.floor(sum * 1e6);
    System.out.println("checksum " + checksum);
  }
}

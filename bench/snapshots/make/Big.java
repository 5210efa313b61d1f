// SPDX-License-Identifier: MIT
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A large heap to dump: N nodes in a list, half of them in a map as well, each with a name, some numbers and two others. */
public class Big {
  static class Node {
    Node left, right;
    String name;
    long[] numbers;
    Object other;
    int number;
  }

  static final Map<String, Node> map = new HashMap<>();
  static final List<Node> list = new ArrayList<>();

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    Random random = new Random(1);
    Node last = null;
    for (int i = 0; i < count; i++) {
      Node node = new Node();
      node.name = "node number " + i;
      node.number = i;
      node.numbers = new long[random.nextInt(6)];
      node.left = last;
      node.right = i > 0 ? list.get(random.nextInt(i)) : null;
      node.other = Integer.valueOf(i);
      last = node;
      list.add(node);
      if (i % 2 == 0) map.put(node.name, node);
    }
    System.out.println("ready");
    System.in.read();
  }
}

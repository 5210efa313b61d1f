// SPDX-License-Identifier: MIT
package com.acme;
import java.util.*;
import java.util.concurrent.*;
import java.io.*;
/** Serves made-up requests; on each line of input "work N" does N of them, "quit" ends. */
public class Service {
  static final class Session { final String user; final int[] data = new int[24]; Session(String user) { this.user = user; } }
  static final class Job { final Job next; final byte[] body = new byte[200]; Job(Job next) { this.next = next; } }
  static final Map<String, Session> sessions = new HashMap<>();
  static final List<byte[]> uploads = new ArrayList<>();
  static final ConcurrentHashMap<Integer, Set<String>> byDay = new ConcurrentHashMap<>();
  static Job lastJob;
  static final Map<Integer, byte[]> cache = new LinkedHashMap<>(16, 0.75f, true) {
    @Override protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) { return size() > 500; }
  };
  static final Map<Object, String> weak = new WeakHashMap<>();
  static final ArrayDeque<byte[]> queue = new ArrayDeque<>();
  static StringBuilder log = new StringBuilder();
  static String mode;
  static int next;
  static void request() {
    int i = next++;
    cache.put(i, new byte[300]);
    weak.put(new Object(), "w" + i);
    queue.add(new byte[100]);
    if (queue.size() > 300) queue.clear();
    switch (mode) {
      case "map" -> sessions.put("user-" + i, new Session("user-" + i));
      case "list" -> uploads.add(new byte[500]);
      case "nested" -> byDay.computeIfAbsent(i % 20, k -> new HashSet<>()).add("visit " + i);
      case "chain" -> lastJob = new Job(lastJob);
      case "text" -> log.append("request ").append(i).append(" was served with all that it wanted\n");
      default -> { }
    }
  }
  public static void main(String[] args) throws Exception {
    mode = args[0];
    Scanner in = new Scanner(System.in);
    while (in.hasNext()) {
      String word = in.next();
      if (word.equals("quit")) break;
      for (int n = in.nextInt(); n > 0; n--) request();
      System.out.println("done"); System.out.flush();
    }
  }
}

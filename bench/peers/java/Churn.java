// SPDX-License-Identifier: MIT
// random-slot churn.
public final class Churn {
  // 12 bytes of header and two ints: 20, aligned to 24.
  private record Item(int id, int value) {
    int contents() {
      return id ^ value;
    }
  }

  private static long state = 0x9E3779B97F4A7C15L;

  private static long next() {
    long x = state;
    x ^= x << 13;
    x ^= x >>> 7;
    x ^= x << 17;
    state = x;
    return x;
  }

  private static int churn(Item[] slots, int bits, int replacements) {
    int checksum = 0;
    for (int i = 0; i < replacements; i++) {
      long random = next();
      int slot = (int) (random >>> (64 - bits));
      Item replacement = new Item(slots.length + i, (int) random);
      checksum = checksum * 31 + slots[slot].contents();
      slots[slot] = replacement;
    }
    return checksum;
  }

  public static void main(String[] arguments) {
    int bits = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
    int replacements = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30_000_000;

    Item[] slots = new Item[1 << bits];
    for (int i = 0; i < slots.length; i++) slots[i] = new Item(i, (int) next());
    int checksum = churn(slots, bits, replacements);
    for (Item item : slots) checksum = checksum * 31 + item.contents();
    System.out.println("checksum " + Integer.toUnsignedString(checksum));
  }
}

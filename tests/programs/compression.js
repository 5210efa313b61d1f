// LZ77 with a hash chain, Huffman coding, LZW, run lengths, base64 and CRC: bytes in typed arrays.
const encode = (text) => Uint8Array.from(Buffer.from(text));
const decode = (bytes) => Buffer.from(bytes).toString('utf8');

const crcTable = Uint32Array.from({length: 256}, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});
const crc32 = (bytes) => {
  let c = -1;
  for (const b of bytes) c = (c >>> 8) ^ crcTable[(c ^ b) & 255];
  return (c ^ -1) >>> 0;
};

function lz77(bytes, window = 4096) {
  const out = [], table = new Map();
  for (let i = 0; i < bytes.length;) {
    const key = i + 2 < bytes.length ? (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2] : -1;
    let best = 0, distance = 0;
    for (const at of (table.get(key) ?? []).slice(-16)) {
      if (i - at > window) continue;
      let n = 0;
      while (n < 255 && i + n < bytes.length && bytes[at + n] === bytes[i + n]) n++;
      if (n >= best) [best, distance] = [n, i - at];
    }
    const step = best >= 4 ? best : 1;
    if (best >= 4)
      out.push(256 + best, distance);
    else
      out.push(bytes[i]);
    for (let k = 0; k < step; k++, i++) {
      if (i + 2 >= bytes.length) continue;
      const h = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2];
      const chain = table.get(h);
      if (chain)
        chain.push(i);
      else
        table.set(h, [i]);
    }
  }
  return Uint16Array.from(out);
}
function unlz77(symbols) {
  const out = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] < 256)
      out.push(symbols[i]);
    else
      for (let n = symbols[i] - 256, d = symbols[++i]; n > 0; n--) out.push(out[out.length - d]);
  }
  return Uint8Array.from(out);
}

class BitWriter {
  bytes = [];
  #bit = 0;
  #current = 0;
  write(bits) {
    for (const b of bits) {
      this.#current = (this.#current << 1) | (b === '1' ? 1 : 0);
      if (++this.#bit === 8) {
        this.bytes.push(this.#current);
        this.#bit = this.#current = 0;
      }
    }
  }
  finish() {
    while (this.#bit) this.write('0');
    return Uint8Array.from(this.bytes);
  }
}
function huffman(symbols) {
  const counts = new Map();
  for (const s of symbols) counts.set(s, (counts.get(s) ?? 0) + 1);
  let nodes = [...counts]
                  .map(([symbol, weight]) => ({symbol, weight}))
                  .sort((a, b) => a.weight - b.weight || a.symbol - b.symbol);
  while (nodes.length > 1) {
    const [left, right, ...rest] = nodes, parent = {left, right, weight: left.weight + right.weight};
    const at = rest.findIndex((n) => n.weight > parent.weight);
    rest.splice(at < 0 ? rest.length : at, 0, parent);
    nodes = rest;
  }
  const codes = new Map();
  (function walk(node, code) {
    if (node.left) {
      walk(node.left, code + '0');
      walk(node.right, code + '1');
    } else
      codes.set(node.symbol, code || '0');
  })(nodes[0], '');
  const writer = new BitWriter();
  for (const s of symbols) writer.write(codes.get(s));
  return {tree: nodes[0], count: symbols.length, bytes: writer.finish(), codes};
}
function unhuffman({tree, count, bytes}, Type = Uint16Array) {
  const out = new Type(count);
  let at = 0, node = tree;
  for (let i = 0; at < count; i++) {
    const bit = (bytes[i >> 3] >> (7 - (i & 7))) & 1;
    if (node.left) node = bit ? node.right : node.left;
    if (!node.left) {
      out[at++] = node.symbol;
      node = tree;
    }
  }
  return out;
}

function lzw(text) {
  const dict = new Map(Array.from({length: 256}, (_, i) => [String.fromCharCode(i), i]));
  const out = [];
  let w = '';
  for (const c of text) {
    if (dict.has(w + c))
      w += c;
    else {
      out.push(dict.get(w));
      dict.set(w + c, dict.size);
      w = c;
    }
  }
  if (w) out.push(dict.get(w));
  return out;
}
function unlzw(codes) {
  const dict = Array.from({length: 256}, (_, i) => String.fromCharCode(i));
  let w = dict[codes[0]], out = w;
  for (const k of codes.slice(1)) {
    const entry = dict[k] ?? w + w[0];
    out += entry;
    dict.push(w + entry[0]);
    w = entry;
  }
  return out;
}
const runs = (s) => s.replace(/(.)\1{2,}/gs, (m, c) => `${c}{${m.length}}`),
      unruns = (s) => s.replace(/(.)\{(\d+)\}/gs, (_, c, n) => c.repeat(n));

const verse = 'the collector moves what lives, the barrier remembers what is written; ';
const samples = {
  verse: verse.repeat(12),
  runs: 'a'.repeat(300) + 'b' +
      'ab'.repeat(100),
  unicode: 'héap → löst 😀 '.repeat(20),
  json: JSON.stringify(
      Array.from({length: 60}, (_, i) => ({id: i, kind: ['minor', 'major'][i % 2], ms: i / 8}))),
  one: 'x'
};
for (const [name, text] of Object.entries(samples)) {
  const bytes = encode(text), lz = lz77(bytes), packed = huffman(lz);
  const back = decode(unlz77(unhuffman(packed)));
  const words = lzw(Buffer.from(bytes).toString('latin1'));
  console.log(
      name.padEnd(8), bytes.length, '->', lz.length, 'symbols ->', packed.bytes.length, 'bytes',
      crc32(bytes).toString(16).padStart(8, '0'), back === text, words.length,
      unlzw(words) === Buffer.from(bytes).toString('latin1'));
}
const {codes} = huffman(encode(verse));
console.log([...codes]
                .sort(([a], [b]) => a - b)
                .slice(0, 8)
                .map(([s, c]) => `${JSON.stringify(String.fromCharCode(s))} ${c}`));
console.log(
    runs('aaaabccccccd\n\n\n\n'), unruns(runs('aaaabccccccd')) === 'aaaabccccccd',
    Buffer.from(verse).toString('base64').slice(0, 40), crc32(encode('123456789')).toString(16));

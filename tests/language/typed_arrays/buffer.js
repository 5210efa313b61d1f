const b = Buffer.from('héllo €');
console.log(
    b, b.length, b.toString(), b.toString('hex'), b.toString('base64'), b.toString('utf8', 0, 3),
    b.toString('latin1'), b[0], Buffer.byteLength('€'), Buffer.isBuffer(b),
    Buffer.isBuffer(new Uint8Array(1)), b instanceof Uint8Array);
console.log(
    Buffer.alloc(5), Buffer.alloc(5, 1), Buffer.alloc(5, 'ab'), Buffer.alloc(0), Buffer.allocUnsafe(3).length,
    Buffer.from([1, 300, -1]), Buffer.from('ff00', 'hex'), Buffer.from('aGk=', 'base64').toString(),
    Buffer.from('aGk').toString(), Buffer.from(b).equals(b), Buffer.from(new Uint8Array([1, 2]).buffer));
console.log(
    Buffer.concat([Buffer.from('a'), Buffer.from('bc')]).toString(), Buffer.concat([Buffer.from('abc')], 2),
    Buffer.compare(Buffer.from('a'), Buffer.from('b')), b.slice(1, 3), b.subarray(0, 2), b.indexOf('l'),
    b.includes('llo'), b.equals(Buffer.from('x')), Buffer.from('abc').compare(Buffer.from('abd')));
const w = Buffer.alloc(16);
w.writeUInt32BE(0x01020304, 0);
w.writeInt16LE(-2, 4);
w.writeDoubleBE(1.5, 6);
w.writeUInt8(255, 14);
w.writeInt8(-1, 15);
console.log(
    w, w.readUInt32BE(0), w.readInt16LE(4), w.readDoubleBE(6), w.readUInt8(14), w.readInt8(15),
    w.readUInt32LE(0), w.readUInt16BE(1));
console.log(
    w.write('hi', 1), w.fill('z', 0, 2).toString('latin1', 0, 4), w.copy(b, 0, 0, 2),
    b.toString('utf8', 0, 2), JSON.stringify(Buffer.from('x')), Buffer.from('x').toJSON(), w.fill(0).length,
    [...Buffer.from('ab')], Buffer.alloc(100), {buf: Buffer.from('z')});
for (const bad
         of [() => w.readUInt32BE(14), () => w.writeUInt8(256, 0), () => Buffer.alloc(-1),
            () => Buffer.alloc('x'), () => Buffer.from(5), () => Buffer.from(null), () => w.readUInt8(99),
            () => w.toString('nope'), () => Buffer.concat('x')]) {
  try {
    console.log(bad());
  } catch (e) {
    console.log(e.name, e.code);
  }
}
const s = b.subarray(1);
s[0] = 65;
console.log(
    b[1], s.buffer === b.buffer, Buffer.from('abc').map((x) => x + 1).toString(),
    Buffer.from('abc').reverse().toString(), String(Buffer.from('str')), Buffer.from('a') + 'b',
    Buffer.from([0xff, 0xfe, 0x41]).toString());

const u8 = new Uint8Array([1, 256, -1, 3.9, 'x', undefined, '7']);
console.log(
    u8, u8.length, u8.byteLength, u8[9], u8[0], u8.at(-1), Uint8Array.BYTES_PER_ELEMENT, u8.BYTES_PER_ELEMENT,
    u8.constructor.name);
console.log(
    new Uint8ClampedArray([300, -5, 1.5, 2.5, NaN]), new Int8Array([200, -200]), new Int16Array([40000]),
    new Uint16Array([-1]), new Int32Array([2 ** 31]), new Uint32Array([-1]), new Float32Array([0.1, 1e40]),
    new Float64Array([0.1, -0]));
const buffer = new ArrayBuffer(16);
const whole = new Uint8Array(buffer), part = new Uint32Array(buffer, 4, 2), f64 = new Float64Array(buffer, 8);
part[0] = 0x01020304;
f64[0] = Math.PI;
console.log(whole, part, f64, part.byteOffset, part.buffer === buffer, buffer.byteLength, buffer);
console.log(
    buffer.slice(4, 8), ArrayBuffer.isView(whole), ArrayBuffer.isView(buffer),
    Object.prototype.toString.call(whole), whole[Symbol.toStringTag]);
const f = new Float64Array(5);
f.set([1, 2, 3]);
f.set(new Uint8Array([9]), 4);
f.fill(7, 3, 4);
console.log(
    f, f.map((x) => x * 2), f.filter((x) => x > 2), f.reduce((a, b) => a + b), f.slice(1, 3),
    f.subarray(1, 3), f.indexOf(9), f.includes(7), f.join('/'), f.reverse(), [...f.entries()],
    f.find((x) => x > 5), f.every(Boolean), f.some((x) => x > 8));
const sub = f.subarray(1, 3);
sub[0] = 42;
console.log(
    f, f.sort(), Float64Array.from([3, 1, 2]).sort((a, b) => b - a),
    new Float64Array([3, NaN, -0, 0, -1]).sort(), Uint8Array.of(1, 2), Uint8Array.from('123'),
    Uint8Array.from({length: 3}, (_, i) => i * 2), new Uint16Array(new Set([5, 6])), f.copyWithin(0, 3),
    f.lastIndexOf(1), f.toSorted(), f.with(0, 5), f.at(0), f.toReversed());
u8.foo = 1;
u8[100] = 5;
u8['1.5'] = 3;
console.log(
    Object.keys(new Uint8Array(3)), 1 in u8, 50 in u8, u8[100], JSON.stringify(new Uint8Array(2)),
    delete u8.foo, {...new Uint8Array(2)}, Array.from(u8).length, Array.isArray(u8), u8 instanceof Uint8Array,
    Object.getPrototypeOf(Uint8Array).name);
for (const bad
         of [() => new Uint32Array(buffer, 1), () => new Uint32Array(buffer, 0, 99), () => new Uint8Array(-1),
            () => Uint8Array(1), () => new Uint32Array(new ArrayBuffer(3)), () => new ArrayBuffer(-1),
            () => u8.set([1, 2, 3], 100), () => new Uint8Array(2).with(5, 1), () => new Uint8Array(Symbol()),
            () => new DataView(5), () => new DataView(buffer, 99), () => new DataView(buffer).getInt32(14),
            () => Uint8Array.prototype.fill.call([]), () => new Uint8Array(buffer, 17)]) {
  try {
    console.log(bad());
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
const view = new DataView(new ArrayBuffer(16), 2);
view.setInt16(0, -2);
view.setUint32(2, 0xdeadbeef, true);
view.setFloat32(6, 1.5);
view.setInt8(10, 200);
console.log(
    view.getInt16(0), view.getUint16(0), view.getUint32(2).toString(16), view.getUint32(2, true).toString(16),
    view.getFloat32(6), view.getUint8(10), view.byteLength, view.byteOffset, new Uint8Array(view.buffer),
    view.getFloat64(0));
console.log(
    new Uint8Array(200), new Float64Array(3), new Uint8Array(0), [new Uint8Array(2)],
    {t: new Int16Array([1, 2])});
let hash = 2166136261;
for (const byte of new Uint8Array(1000).map((_, i) => i * 31)) hash = Math.imul(hash ^ byte, 16777619) >>> 0;
console.log(hash);
const big = new Float64Array(100000);
for (let i = 0; i < big.length; i++) big[i] = Math.sqrt(i);
console.log(big.reduce((a, b) => a + b).toFixed(6), big[99999]);
const int = new Int32Array(4);
int[0] += 5;
int[1]++;
int[2] |= 0xff;
int[3] = int[0] = 2.9;
console.log(int, int[0] ** 2);

// Spheres, a floor, shadows, reflections; many short-lived vectors. Printed small, hashed large.
class Vec {
  constructor(x, y, z) {
    this.x = x;
    this.y = y;
    this.z = z;
  }
  plus(o) { return new Vec(this.x + o.x, this.y + o.y, this.z + o.z); }
  minus(o) { return new Vec(this.x - o.x, this.y - o.y, this.z - o.z); }
  times(k) { return new Vec(this.x * k, this.y * k, this.z * k); }
  mix(o) { return new Vec(this.x * o.x, this.y * o.y, this.z * o.z); }
  dot(o) { return this.x * o.x + this.y * o.y + this.z * o.z; }
  get length() { return Math.sqrt(this.dot(this)); }
  unit() { return this.times(1 / this.length); }
  reflect(n) { return this.minus(n.times(2 * this.dot(n))); }
  static zero = new Vec(0, 0, 0);
}
const vec = (...a) => new Vec(...a);

class Thing {
  constructor({color = vec(1, 1, 1), shine = 0, gloss = 20}) { Object.assign(this, {color, shine, gloss}); }
  colorAt() { return this.color; }
}
class Sphere extends Thing {
  constructor(center, radius, look) {
    super(look);
    this.center = center;
    this.radius = radius;
  }
  hit(from, dir) {
    const oc = from.minus(this.center), b = oc.dot(dir), c = oc.dot(oc) - this.radius ** 2, disc = b * b - c;
    if (disc < 0) return Infinity;
    const root = Math.sqrt(disc), t = -b - root;
    return t > 1e-4 ? t : -b + root > 1e-4 ? -b + root : Infinity;
  }
  normal(p) { return p.minus(this.center).unit(); }
}
class Floor extends Thing {
  hit(from, dir) {
    const t = -(from.y + 1) / dir.y;
    return t > 1e-4 ? t : Infinity;
  }
  normal() { return Floor.up; }
  colorAt(p) { return (Math.floor(p.x) + Math.floor(p.z)) & 1 ? this.color : Vec.zero; }
  static up = vec(0, 1, 0);
}

class Scene {
  things = [];
  lights = [];
  rays = 0;
  add(...things) {
    this.things.push(...things);
    return this;
  }
  closest(from, dir) {
    this.rays++;
    let best = null, distance = Infinity;
    for (const thing of this.things) {
      const t = thing.hit(from, dir);
      if (t < distance) [best, distance] = [thing, t];
    }
    return best && {thing: best, distance, point: from.plus(dir.times(distance))};
  }
  trace(from, dir, depth = 0) {
    const hit = this.closest(from, dir);
    if (!hit) return vec(0.3, 0.5, 0.8).times(0.5 + dir.y / 2);
    const {thing, point} = hit, normal = thing.normal(point), base = thing.colorAt(point);
    let color = base.times(0.1);
    for (const {at, power} of this.lights) {
      const to = at.minus(point), toLight = to.unit(), shade = this.closest(point, toLight);
      if (shade && shade.distance < to.length) continue;
      color = color.plus(base.times(Math.max(0, normal.dot(toLight)) * power))
                  .plus(vec(1, 1, 1).times(
                      Math.max(0, dir.reflect(normal).dot(toLight)) ** thing.gloss * thing.shine));
    }
    if (thing.shine && depth < 3)
      color = color.times(1 - thing.shine)
                  .plus(this.trace(point, dir.reflect(normal), depth + 1).times(thing.shine));
    return color;
  }
  * pixels(width, height) {
    const eye = vec(0, 0.5, -4);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        yield this.trace(eye, vec((x - width / 2) / height, (height / 2 - y) / height, 1.2).unit());
  }
}

const scene = new Scene().add(
    new Sphere(vec(0, 0, 0), 1, {color: vec(0.9, 0.2, 0.2), shine: 0.3}),
    new Sphere(vec(1.6, -0.4, -0.6), 0.6, {color: vec(0.2, 0.9, 0.3), shine: 0.5, gloss: 60}),
    new Sphere(vec(-1.5, -0.5, -0.9), 0.5, {color: vec(0.3, 0.4, 1)}),
    new Floor({shine: 0.1}),
);
scene.lights.push({at: vec(3, 5, -4), power: 0.7}, {at: vec(-4, 3, -2), power: 0.4});

const ramp = ' .:-=+*#%@', luminance = ({x, y, z}) => Math.min(1, 0.3 * x + 0.6 * y + 0.1 * z);
const small = [...scene.pixels(60, 24)].map(luminance);
for (let y = 0; y < 24; y++)
  console.log(small.slice(y * 60, y * 60 + 60).map((l) => ramp[Math.floor(l * 9.99)]).join('').trimEnd());
console.log('rays', scene.rays);

let hash = 0x811c9dc5;
const histogram = new Array(8).fill(0);
for (const color of scene.pixels(96, 64)) {
  for (const c of [color.x, color.y, color.z])
    hash = Math.imul(hash ^ Math.round(Math.min(1, c) * 255), 0x01000193) >>> 0;
  histogram[Math.floor(luminance(color) * 7.99)]++;
}
console.log(hash.toString(16), histogram, scene.rays);

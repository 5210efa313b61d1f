const counter = require('./lib/counter');
const again = require('./lib/counter.js');
console.log(counter === again, counter.bump(), again.bump(), counter.count);
const data = require('./lib/data.json');
console.log(data, require('./lib/data') === data);
const a = require('./lib/cycle_a');
console.log(a, require('./lib/cycle_b'));
console.log(require('./lib/package_like').name, require('./lib').index);
const Thing = require('./lib/class_export');
console.log(new Thing(3), new Thing(4).double(), Thing.name);
const {named, other = 'default'} = require('./lib/named');
console.log(named(2), other);
console.log(
    require.main === module, module.children.length > 3, typeof require.cache, typeof require.resolve,
    require.resolve('./lib/named').endsWith('/lib/named.js'));
const path = require('path');
console.log(
    path.basename(__filename), path.basename(__dirname), module.id, path.basename(module.filename),
    module.loaded, module.exports === exports);
console.log(
    require('fs') === require('node:fs'), require('path') === require('node:path'), typeof require('events'),
    Object.keys(require.cache).map((f) => path.basename(f)));
for (const bad of ['./missing', './lib/broken', './lib/bad.json', './lib/throws', 'nothing-of-this-name']) {
  try {
    require(bad);
  } catch (e) {
    console.log(bad, e.name, e.code, e.message.split('\n')[0].replace(/(')?\/.*\//, '$1'));
  }
}
try {
  require('./lib/throws');
} catch (e) {
  console.log('evaluated again:', e.message);
}
delete require.cache[require.resolve('./lib/counter')];
console.log(require('./lib/counter') === counter, globalThis.evaluations);
console.log(typeof leaked, (() => {
              try {
                return named2;
              } catch (e) {
                return e.message;
              }
            })());
console.log(require('./lib/uses_this'), require('./lib/early'));

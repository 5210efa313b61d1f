// culprit: watchers\b
// kind: forgotten cache/collection|listener
//
// `watchers` was meant to be a list for each resource. It is on the prototype, so there is one for
// all, and it goes with none of them.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(49);

function Resource(path, content) {
  this.path = path;
  this.content = content;
  this.version = 1;
}

Resource.prototype.watchers = [];

Resource.prototype.watch = function watch(user, options) {
  const watcher = { user, path: this.path, options, notified: 0, resource: this };
  this.watchers.push(watcher);
  return watcher;
};

Resource.prototype.change = function change(content) {
  this.content = content;
  this.version++;
  for (const watcher of this.watchers) {
    if (watcher.resource === this) watcher.notified++;
  }
};

var resources = {};
var order = [];

function open(path) {
  if (!resources[path]) {
    resources[path] = new Resource(path, traffic.text(25));
    order.push(path);
  }
  return resources[path];
}

function closeOld(limit) {
  while (order.length > limit) delete resources[order.shift()];
}

// Thumbnails of the latest documents, in a table of fixed size that is filled slot by slot.
var thumbnails = new Array(64);
var made = 0;
function thumbnail(path) {
  const slot = made++ % thumbnails.length;
  thumbnails[slot] = { slot, pixels: new Uint8Array(12 * 1024), title: path };
  return thumbnails[slot];
}

let notified = 0;
rounds(30, () => {
  for (let i = 0; i < 40; i++) {
    const resource = open(`/docs/${traffic.hex(8)}`);
    const watcher = resource.watch(traffic.user(100), { deep: i % 2 === 0, events: ['change'] });
    resource.change(traffic.text(25));
    notified += watcher.notified;
    if (i % 10 === 0) notified += thumbnail(resource.path).pixels[0];
  }
  closeOld(50);
}).then(() => console.log(`${notified} notified, ${Object.keys(resources).length} open`));

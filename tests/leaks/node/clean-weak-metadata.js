// clean
//
// Metadata of requests in WeakMaps and a WeakSet: it goes with the requests.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(63);

const timings = new WeakMap();
const validated = new WeakSet();
const parents = new WeakMap();

class Span {
  constructor(name, parent) {
    this.name = name;
    this.children = [];
    if (parent) {
      parents.set(this, parent);
      parent.children.push(this);
    }
  }

  depth() {
    const parent = parents.get(this);
    return parent ? parent.depth() + 1 : 0;
  }
}

function validate(request) {
  if (request.url.startsWith('/')) validated.add(request);
  timings.set(request, { marks: [traffic.int(10), traffic.int(20)], note: traffic.text(5) });
}

function trace(request) {
  const root = new Span(request.url);
  let span = root;
  for (let i = 0; i < 6; i++) span = new Span(`step ${i}`, span);
  return span.depth();
}

const recent = [];
let depth = 0;
function handle(request) {
  validate(request);
  if (!validated.has(request)) return;
  depth = Math.max(depth, trace(request));
  recent.push(request);
  if (recent.length > 100) recent.shift();
}

rounds(30, () => {
  for (let i = 0; i < 250; i++) handle(traffic.request());
}).then(() => console.log(depth, recent.length, timings.has(recent[0])));

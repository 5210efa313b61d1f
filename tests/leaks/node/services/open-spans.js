// culprit: (active|tracer|openSpans)
// kind: forgotten cache/collection
//
// A tracer. A span that ends is exported; on the way of an error nobody ends it.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(206);

class Tracer {
  #active = new Map();
  #finished = [];
  #next = 1;

  start(name, parent) {
    const span = { id: this.#next++, name, parent: parent ? parent.id : 0, attributes: {}, events: [] };
    this.#active.set(span.id, span);
    return span;
  }

  end(span) {
    this.#active.delete(span.id);
    this.#finished.push(span);
    if (this.#finished.length >= 128) this.#finished = [];
  }
}

const tracer = new Tracer();

async function query(parent, text) {
  const span = tracer.start('query', parent);
  span.attributes.statement = text;
  await null;
  if (traffic.int(4) === 0) throw new Error('deadlock detected');
  span.events.push({ name: 'rows', count: traffic.int(100) });
  tracer.end(span);
}

async function handle(request) {
  const span = tracer.start(request.url);
  span.attributes.agent = request.headers['user-agent'];
  try {
    await query(span, `select ${traffic.text(6)}`);
    span.attributes.status = 200;
  } catch (error) {
    span.attributes.status = 500;
  }
  tracer.end(span);
}

rounds(30, async () => {
  for (let i = 0; i < 120; i++) await handle(traffic.request());
});

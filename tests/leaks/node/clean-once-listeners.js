// clean
//
// Many listeners on a long-lived emitter, but each is for one event only, or is taken off again.
'use strict';

const { EventEmitter, once } = require('events');
const rounds = require('./rounds');
const traffic = require('./traffic')(74);

const bus = new EventEmitter();
bus.setMaxListeners(0);
const audit = { replies: 0, timeouts: 0, broadcasts: 0 };

function ask(question) {
  const id = traffic.hex(12);
  const answer = once(bus, `answer:${id}`);
  bus.emit('question', { id, question });
  return answer;
}

bus.on('question', ({ id, question }) => {
  setImmediate(() => bus.emit(`answer:${id}`, { id, words: question.split(' ').length }));
});

class Subscription {
  constructor(emitter, name, handler) {
    this.emitter = emitter;
    this.name = name;
    this.handler = handler;
    emitter.on(name, handler);
  }

  close() {
    this.emitter.off(this.name, this.handler);
  }
}

async function visit() {
  const inbox = [];
  const subscription = new Subscription(bus, 'broadcast', (text) => inbox.push(text));
  const ticker = setInterval(() => { audit.timeouts++; }, 60000);
  bus.once('broadcast', () => { audit.broadcasts++; });
  const [answer] = await ask(traffic.text(10));
  audit.replies += answer.words === 10 ? 1 : 0;
  bus.emit('broadcast', traffic.text(3));
  clearInterval(ticker);
  subscription.close();
  return inbox.length;
}

rounds(30, async () => {
  await Promise.all(Array.from({ length: 40 }, visit));
}).then(() => console.log(JSON.stringify(audit), bus.eventNames().length));

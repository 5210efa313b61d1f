// culprit: \b(replies|channel)\b
// kind: listener|forgotten cache/collection|closure
//
// Replies come as events, each under a name of its own. A wait that is given up does not take its
// listener off, so that it is the number of event names that grows; each has one listener.
'use strict';

const EventEmitter = require('events');
const rounds = require('../rounds');
const random = require('../traffic')(133);

const replies = new EventEmitter();

function request(id, payload) {
  let settled = false;
  return new Promise((resolve, reject) => {
    replies.once(`reply-${id}`, (answer) => {
      settled = true;
      resolve({ id, answer, asked: payload.text });
    });
    setImmediate(() => {
      if (!settled) reject(new Error(`no reply to ${id}`));
    });
  });
}

const server = {
  inbox: [],
  deliver() {
    for (const { id, text } of this.inbox.splice(0)) {
      if (text.length % 3 !== 0) replies.emit(`reply-${id}`, text.toUpperCase());
    }
  },
};

const counts = { answered: 0, given_up: 0 };
let nextId = 0;

async function ask() {
  const payload = { text: random.text(8), route: random.request(), marks: [random.int(9), random.int(9)] };
  const id = ++nextId;
  server.inbox.push({ id, text: payload.text });
  try {
    const { answer } = await request(id, payload);
    counts.answered += answer.length > 0 ? 1 : 0;
  } catch (error) {
    counts.given_up++;
  }
}

rounds(30, async () => {
  const asked = Array.from({ length: 70 }, ask);
  server.deliver();
  await Promise.all(asked);
}).then(() => console.log(JSON.stringify(counts)));

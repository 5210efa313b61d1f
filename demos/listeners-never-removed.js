// A chat server. Each connection listens to the bus, and never stops when it is closed.
//
//   heaplab run --record=chat.heaprec demos/listeners-never-removed.js && heaplab leaks chat.heaprec
'use strict';

const EventEmitter = require('events');

const bus = new EventEmitter();
bus.setMaxListeners(0);
let delivered = 0;

function connect(user) {
  const inbox = [];
  const profile = { user, name: `user ${user}`, settings: { colour: user % 7, sound: true } };
  bus.on('message', (text) => {
    if (inbox.length < 5) inbox.push(`${profile.name}: ${text}`);
    delivered++;
  });
  return { close() { profile.closed = true; } }; // the mistake: the listener stays
}

let connections = 0;

function work(turn) {
  for (let i = 0; i < 12; i++) {
    const connection = connect(connections++);
    connection.close();
  }
  bus.emit('message', `news ${turn}`);
  if (turn < 60) setImmediate(work, turn + 1);
  else console.log(`${connections} connections, ${delivered} messages delivered`);
}

work(1);

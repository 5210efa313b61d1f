// clean
//
// A few hundred connections, each with a timer that is set anew at each of its messages.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(262);

const connections = new Map();

function message(id, text) {
  let connection = connections.get(id);
  if (!connection) connections.set(id, connection = { id, name: traffic.word(), last: null, timer: null });
  clearTimeout(connection.timer);
  connection.last = { text, at: Date.now() };
  connection.timer = setTimeout(() => connections.delete(id), 60000);
}

rounds(30, () => {
  for (let i = 0; i < 300; i++) message(traffic.int(250), traffic.text(5));
});

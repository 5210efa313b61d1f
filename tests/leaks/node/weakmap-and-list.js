// culprit: tracked\b
// kind: forgotten cache/collection|unneeded reference
// accumulates: Socket|Object
//
// Details of sockets are in a WeakMap, so that they go with the socket. For `list()` the sockets
// are in an array as well.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(33);

class Socket {
  constructor(address) {
    this.address = address;
    this.bytesRead = 0;
    this.destroyed = false;
  }

  destroy() {
    this.destroyed = true;
  }
}

const socketInfo = (() => {
  const details = new WeakMap();
  const tracked = [];
  return {
    track(socket) {
      details.set(socket, {
        openedAt: tracked.length,
        cipher: 'TLS_AES_128_GCM_SHA256',
        headers: traffic.request().headers,
        trace: traffic.text(30).split(' '),
      });
      tracked.push(socket);
    },
    of: (socket) => details.get(socket),
    list: () => tracked.filter((socket) => !socket.destroyed),
  };
})();

const pool = [];

function accept() {
  const socket = new Socket(`10.0.${traffic.int(256)}.${traffic.int(256)}`);
  socketInfo.track(socket);
  pool.push(socket);
}

function serveAndClose(limit) {
  for (const socket of pool) socket.bytesRead += socketInfo.of(socket).trace.length;
  while (pool.length > limit) pool.shift().destroy();
}

let open = 0;
rounds(30, () => {
  for (let i = 0; i < 40; i++) accept();
  serveAndClose(25);
  open = socketInfo.list().length;
}).then(() => console.log(`${open} open`));

// culprit: (timer|interval|heartbeat)
// kind: timer
//
// Connections send heartbeats. One that is replaced is taken out of the pool, but beats on.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(216);

class Connection {
  constructor(host, options) {
    this.host = host;
    this.options = options;
    this.received = [];
    this.timer = setInterval(() => this.beat(), 600000);
  }
  beat() { this.received.push(Date.now()); if (this.received.length > 10) this.received.shift(); }
  close() { this.closed = true; }
}

class Pool {
  constructor(size) { this.size = size; this.connections = []; this.dns = new Map(); }
  resolve(name) {
    if (!this.dns.has(name)) this.dns.set(name, { name, address: traffic.hex(8), ttl: traffic.int(300) });
    if (this.dns.size > 250) this.dns.delete(this.dns.keys().next().value);
    return this.dns.get(name);
  }
  acquire() {
    const connection = new Connection(this.resolve(`${traffic.word()}${traffic.int(900)}.example`),
      { retries: 3, label: traffic.text(5), buffer: new Uint8Array(200) });
    this.connections.push(connection);
    if (this.connections.length > this.size) this.connections.shift().close();
    return connection;
  }
}

const pool = new Pool(20);
rounds(24, () => { for (let i = 0; i < 40; i++) pool.acquire(); });

// culprit: entries\b
// kind: forgotten cache/collection
// accumulates: Object|Entry
//
// A server whose access log is kept in an array "until the shipping job is written".
'use strict';

const { EventEmitter } = require('events');
const rounds = require('./rounds');
const traffic = require('./traffic')(14);

const accessLog = (() => {
  const entries = [];
  const byStatus = new Map();
  return {
    write(request, response, took) {
      entries.push({
        at: entries.length,
        line: `${request.method} ${request.url} ${response.status} ${took}ms`,
        agent: request.headers['user-agent'],
        user: request.user,
        took,
      });
      byStatus.set(response.status, (byStatus.get(response.status) || 0) + 1);
    },
    slowest: () => entries.reduce((worst, e) => (e.took > worst.took ? e : worst), entries[0]),
    statuses: () => [...byStatus],
  };
})();

class Server extends EventEmitter {
  constructor() {
    super();
    this.routes = new Map();
    this.latency = new Float64Array(256);
    this.served = 0;
  }

  route(prefix, handler) {
    this.routes.set(prefix, handler);
  }

  inject(request) {
    const prefix = request.url.split('/')[1];
    const handler = this.routes.get(prefix) || (() => ({ status: 404, body: '' }));
    const response = handler(request);
    this.latency[this.served++ % this.latency.length] = response.body.length;
    this.emit('response', request, response);
    return response;
  }
}

const server = new Server();
server.on('response', (request, response) => {
  accessLog.write(request, response, response.body.length % 97);
});
for (const prefix of ['order', 'user', 'page', 'search', 'item', 'report']) {
  server.route(prefix, (request) => ({
    status: request.method === 'POST' ? 201 : 200,
    body: JSON.stringify({ prefix, text: traffic.text(15) }),
  }));
}

rounds(30, () => {
  for (let i = 0; i < 350; i++) server.inject(traffic.request());
}).then(() => console.log(accessLog.slowest().line, accessLog.statuses().length));

// culprit: (sessions|store)
// kind: forgotten cache/collection
// needs: node (http)
//
// A real HTTP server with keep-alive clients. Those without a cookie get a new session each time.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(218);
const http = require('http');

const store = { sessions: {}, created: 0 };

const server = http.createServer((req, res) => {
  const sid = /sid=(\w+)/.exec(req.headers.cookie || '')?.[1];
  let session = sid && store.sessions[sid];
  if (!session) {
    session = { id: `s${++store.created}`, flash: [], agent: req.headers['user-agent'], seen: 0 };
    store.sessions[session.id] = session;
  }
  session.seen++;
  session.lastPath = req.url;
  session.cart = session.cart || { items: traffic.text(4).split(' '), currency: 'EUR' };
  res.setHeader('set-cookie', `sid=${session.id}`);
  res.end(JSON.stringify({ cart: session.cart }));
});
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

const get = (path) => new Promise((resolve, reject) => {
  http.get({ port: server.address().port, agent, path }, (res) => {
    res.on('data', () => {});
    res.on('end', resolve);
  }).on('error', reject);
});

server.listen(0, () => {
  rounds(18, async () => {
    for (let i = 0; i < 8; i++) {
      await Promise.all(Array.from({ length: 6 }, () => get(traffic.request().url)));
    }
  });
});

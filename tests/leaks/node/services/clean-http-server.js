// clean
// needs: node (http)
//
// A real HTTP server with keep-alive clients and a rate limiter that forgets.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(257);
const http = require('http');

const limits = new Map();

const server = http.createServer((req, res) => {
  const who = req.headers['x-forwarded-for'];
  limits.set(who, { hits: (limits.get(who)?.hits || 0) + 1, path: req.url });
  if (limits.size > 100) limits.delete(limits.keys().next().value);
  const body = [];
  req.on('data', (chunk) => body.push(chunk));
  req.on('end', () => res.end(JSON.stringify({ got: Buffer.concat(body).length, text: traffic.text(5) })));
});
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

const post = (path) => new Promise((resolve, reject) => {
  const req = http.request({ port: server.address().port, agent, path, method: 'POST',
    headers: { 'x-forwarded-for': `10.0.${traffic.int(255)}.${traffic.int(255)}` } }, (res) => {
    res.on('data', () => {});
    res.on('end', resolve);
  });
  req.on('error', reject);
  req.end(traffic.text(30));
});

server.listen(0, () => {
  rounds(18, async () => {
    for (let i = 0; i < 8; i++) await Promise.all(Array.from({ length: 6 }, () => post(traffic.request().url)));
  });
});

// culprit: tokens\b
// kind: large object|forgotten cache/collection|unneeded reference
//
// A token of 40 characters is cut out of each request's body and remembered. It is a slice: the
// engine keeps the whole body for it.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(22);

const tokens = new Map();
const recentUsers = [];

function makeBody(user) {
  const token = traffic.hex(40);
  const fields = Array.from({ length: 60 }, (_, i) => `"f${i}":"${traffic.text(6)}"`);
  // As it comes from a socket: bytes first, then one flat string.
  return Buffer.from(`{"user":${user},"token":"${token}",${fields.join(',')}}`).toString('latin1');
}

function parseToken(body) {
  const start = body.indexOf('"token":"') + 9;
  return body.slice(start, body.indexOf('"', start));
}

function authenticate(user, body) {
  const token = parseToken(body);
  if (token.length !== 40) return { status: 401 };
  const session = { user, token, created: tokens.size, scopes: ['read', user % 2 ? 'write' : 'list'] };
  tokens.set(user, session);
  recentUsers.push(user);
  if (recentUsers.length > 100) recentUsers.splice(0, 50);
  return { status: 200, scopes: session.scopes };
}

const answers = { 200: 0, 401: 0 };
let nextUser = 1;
rounds(30, () => {
  for (let i = 0; i < 40; i++) {
    const user = nextUser++;
    answers[authenticate(user, makeBody(user)).status]++;
  }
}).then(() => console.log(`${answers[200]} signed in`));

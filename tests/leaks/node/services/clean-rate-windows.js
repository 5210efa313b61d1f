// clean
//
// Requests per client in windows; windows that have passed are dropped with all their clients.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(261);

const WINDOWS = 4;
const windows = [];

function count(tick, client) {
  let window = windows[windows.length - 1];
  if (!window || window.tick !== tick) {
    window = { tick, clients: {} };
    windows.push(window);
    if (windows.length > WINDOWS) windows.shift();
  }
  const entry = window.clients[client] || (window.clients[client] = { hits: 0, paths: new Set() });
  entry.hits++;
  entry.paths.add(traffic.word());
}

rounds(30, (round) => {
  for (let i = 0; i < 200; i++) count(round, `10.0.${traffic.int(4)}.${traffic.int(255)}`);
});

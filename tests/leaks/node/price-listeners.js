// culprit: ticker\b
// kind: listener
// accumulates: Function|closure|function|Object|Connection
//
// Each connection listens to the ticker. Connections end; their listeners stay.
'use strict';

const EventEmitter = require('events');
const rounds = require('./rounds');
const traffic = require('./traffic')(15);

const SYMBOLS = ['ACME', 'BOLT', 'CRUX', 'DYNE', 'ECHO', 'FLUX'];

const ticker = new EventEmitter();
ticker.setMaxListeners(0);

const connections = new Set();
const lastPrice = Object.fromEntries(SYMBOLS.map((symbol) => [symbol, 100]));

function connect(id) {
  const connection = {
    id,
    watched: [traffic.pick(SYMBOLS), traffic.pick(SYMBOLS)],
    outbox: [],
    portfolio: Array.from({ length: 20 }, (_, i) => ({ lot: i, symbol: traffic.pick(SYMBOLS), n: i })),
    open: true,
  };
  const onQuote = (quote) => {
    if (!connection.open || !connection.watched.includes(quote.symbol)) return;
    connection.outbox.push(`${quote.symbol}=${quote.price}`);
  };
  ticker.on('quote', onQuote);
  connections.add(connection);
  return connection;
}

function disconnect(connection) {
  connection.open = false;
  connection.outbox.length = 0;
  connections.delete(connection);
  // ticker.off('quote', onQuote) should be here, but onQuote is not in reach.
}

function tick() {
  const symbol = traffic.pick(SYMBOLS);
  lastPrice[symbol] = Math.max(1, lastPrice[symbol] + traffic.int(7) - 3);
  ticker.emit('quote', { symbol, price: lastPrice[symbol] });
}

let nextId = 1;
rounds(30, () => {
  const opened = [];
  for (let i = 0; i < 22; i++) opened.push(connect(nextId++));
  for (let i = 0; i < 12; i++) tick();
  for (const connection of opened) disconnect(connection);
}).then(() => console.log(`${ticker.listenerCount('quote')} listeners, ${connections.size} open`));

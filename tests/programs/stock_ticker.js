// Prices walk at random, subscribers react: an event emitter in daily use.
const EventEmitter = require('events');

class Ticker extends EventEmitter {
  constructor(symbols, seed) {
    super();
    this.prices = new Map(symbols.map((s, i) => [s, 100 + i * 50]));
    this.seed = seed;
    this.round = 0;
  }
  random() {
    this.seed = (this.seed * 16807) % 2147483647;
    return (this.seed - 1) / 2147483646;
  }
  step() {
    this.round++;
    for (const [symbol, old] of this.prices) {
      const change = (this.random() - 0.5) * old * 0.05;
      const price = Math.max(1, Math.round((old + change) * 100) / 100);
      this.prices.set(symbol, price);
      this.emit('price', { symbol, price, old, round: this.round });
      if (Math.abs(price - old) / old > 0.024) this.emit('alert', symbol, old, price);
    }
    this.emit(`round:${this.round}`);
  }
}

class MovingAverage {
  constructor(width) {
    this.width = width;
    this.values = [];
    this.sum = 0;
  }
  push(v) {
    this.values.push(v);
    this.sum += v;
    if (this.values.length > this.width) this.sum -= this.values.shift();
    return this.sum / this.values.length;
  }
}

class Portfolio {
  holdings = {};
  cash = 10000;
  trades = [];
  constructor(ticker) {
    this.averages = {};
    ticker.on('price', this.onPrice.bind(this));
  }
  onPrice({ symbol, price, round }) {
    const average = (this.averages[symbol] ??= new MovingAverage(10)).push(price);
    if (round < 10) return;
    const held = this.holdings[symbol] ?? 0;
    if (price < average * 0.985 && this.cash > price * 5) this.trade(symbol, 5, price, round);
    else if (price > average * 1.015 && held > 0) this.trade(symbol, -held, price, round);
  }
  trade(symbol, amount, price, round) {
    this.holdings[symbol] = (this.holdings[symbol] ?? 0) + amount;
    this.cash -= amount * price;
    this.trades.push({ round, symbol, amount, price });
  }
  value(prices) {
    return Object.entries(this.holdings).reduce((sum, [s, n]) => sum + n * prices.get(s), this.cash);
  }
}

const ticker = new Ticker(['ACME', 'GLOBEX', 'INITECH', 'HOOLI'], 20241122);
const portfolio = new Portfolio(ticker);
const alerts = [];
ticker.on('alert', (symbol, from, to) => alerts.push(`${symbol} ${from.toFixed(2)} -> ${to.toFixed(2)}`));
ticker.once('price', (event) => console.log('first price:', event));
for (const round of [50, 100]) {
  ticker.once(`round:${round}`, () => {
    console.log(`after ${round} rounds:`, Object.fromEntries(ticker.prices));
  });
}

let chart = [];
const watch = ({ symbol, price }) => symbol === 'ACME' && chart.push(price);
ticker.on('price', watch);
for (let i = 0; i < 60; i++) ticker.step();
ticker.off('price', watch);
for (let i = 0; i < 340; i++) ticker.step();

console.log('listeners:', ticker.eventNames(), ticker.listenerCount('price'));
console.log('alerts:', alerts.length, alerts.slice(0, 3));
console.log('trades:', portfolio.trades.length, 'last:', portfolio.trades.at(-1));
console.log('value:', portfolio.value(ticker.prices).toFixed(2), 'cash:', portfolio.cash.toFixed(2));
const low = Math.min(...chart), high = Math.max(...chart);
for (let level = 7; level >= 0; level--) {
  const from = low + ((high - low) * level) / 8;
  console.log((from.toFixed(1) + ' |').padStart(8) + chart.map((p) => (p >= from ? '#' : ' ')).join('').trimEnd());
}

// culprit: results\b
// kind: forgotten cache/collection|closure
//
// A general memoise() around a price function. Its arguments are hardly ever the same twice.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(24);

function memoise(compute, { name, key = (...args) => JSON.stringify(args) }) {
  const results = new Map();
  const statistics = { name, calls: 0, hits: 0 };
  function memoised(...args) {
    statistics.calls++;
    const id = key(...args);
    if (results.has(id)) {
      statistics.hits++;
      return results.get(id);
    }
    const value = compute(...args);
    results.set(id, value);
    return value;
  }
  memoised.statistics = statistics;
  return memoised;
}

const taxRate = memoise((country) => ({ country, rate: 5 + (country.length * 7) % 20 }), {
  name: 'taxRate',
  key: (country) => country,
});

const quote = memoise(
  (basket, customer) => {
    const lines = basket.map(({ sku, quantity }) => ({
      sku,
      quantity,
      net: quantity * (10 + (sku.length % 7)),
    }));
    const net = lines.reduce((sum, line) => sum + line.net, 0);
    const { rate } = taxRate(customer.country);
    return { lines, net, gross: net * (1 + rate / 100), terms: traffic.text(8) };
  },
  { name: 'quote' },
);

const COUNTRIES = ['AT', 'BEL', 'CHE', 'DEU', 'ESP', 'FRA', 'GBR', 'ITA'];
let turnover = 0;

function order() {
  const basket = Array.from({ length: 1 + traffic.int(4) }, () => ({
    sku: `${traffic.word()}-${traffic.int(400)}`,
    quantity: 1 + traffic.int(5),
  }));
  const customer = { id: traffic.int(3000), country: traffic.pick(COUNTRIES) };
  turnover += quote(basket, customer).gross;
}

rounds(30, () => {
  for (let i = 0; i < 120; i++) order();
}).then(() => console.log(turnover > 0, quote.statistics.calls, taxRate.statistics.hits));

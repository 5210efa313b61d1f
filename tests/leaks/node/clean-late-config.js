// clean
//
// A large static configuration is fetched once, well after the start. It is held from then on, and
// nothing more comes to it.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(73);

let configuration = { revision: 0, countries: new Map(), rules: [] };
const verdicts = { accepted: 0, declined: 0, unknown: 0 };

async function fetchConfiguration() {
  await null;
  const text = JSON.stringify({
    revision: 1,
    countries: Array.from({ length: 240 }, (_, i) => ({
      code: `X${i}`,
      name: traffic.text(2),
      zones: Array.from({ length: 12 }, (_, z) => ({ zone: z, price: traffic.int(40), days: 1 + (z % 5) })),
    })),
    rules: Array.from({ length: 1500 }, (_, i) => ({ when: traffic.word(), above: i, then: traffic.text(4) })),
  });
  const { revision, countries, rules } = JSON.parse(text);
  return { revision, rules, countries: new Map(countries.map((c) => [c.code, c])) };
}

function shippingPrice(order) {
  const country = configuration.countries.get(order.country);
  if (!country) {
    verdicts.unknown++;
    return 5;
  }
  const rule = configuration.rules[order.weight % configuration.rules.length];
  verdicts[rule.above > order.total ? 'declined' : 'accepted']++;
  return country.zones[order.weight % country.zones.length].price;
}

let charged = 0;
rounds(40, async (round) => {
  if (round === 18) configuration = await fetchConfiguration();
  for (let i = 0; i < 150; i++) {
    charged += shippingPrice({
      country: `X${traffic.int(240)}`,
      weight: traffic.int(3000),
      total: traffic.int(1500),
      note: traffic.text(4),
    });
  }
}).then(() => console.log(charged > 0, JSON.stringify(verdicts), configuration.revision));

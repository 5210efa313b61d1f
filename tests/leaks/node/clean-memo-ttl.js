// clean
//
// A memo table whose entries expire, in a service whose clock is its own.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(71);

const clock = { now: 0 };

function memoiseFor(ttl, compute) {
  const entries = new Map();
  let hits = 0;
  function memoised(argument) {
    const known = entries.get(argument);
    if (known && known.expires > clock.now) {
      hits++;
      return known.value;
    }
    const value = compute(argument);
    entries.delete(argument);
    entries.set(argument, { value, expires: clock.now + ttl });
    return value;
  }
  memoised.expire = () => {
    for (const [argument, entry] of entries) {
      if (entry.expires > clock.now) break;
      entries.delete(argument);
    }
  };
  memoised.report = () => ({ size: entries.size, hits });
  return memoised;
}

const route = memoiseFor(60, (pair) => {
  const [from, to] = pair.split('>');
  return { from, to, legs: Array.from({ length: 5 }, (_, i) => ({ via: traffic.word(), km: i * 7 })) };
});

const weather = memoiseFor(20, (place) => ({ place, text: traffic.text(12), degrees: traffic.int(30) }));

let kilometres = 0;
function plan() {
  const pair = `${traffic.word()}>${traffic.word()}`;
  const { legs, to } = route(pair);
  kilometres += legs[legs.length - 1].km + weather(to).degrees;
}

rounds(36, () => {
  for (let i = 0; i < 120; i++) {
    plan();
    clock.now += 0.1;
  }
  route.expire();
  weather.expire();
}).then(() => console.log(kilometres > 0, JSON.stringify(route.report())));

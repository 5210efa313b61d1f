// culprit: table\b|rows\b
// kind: forgotten cache/collection
//
// Rows by their number in an array. The numbers are far apart and only go up; rows that are
// deleted are marked so.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(139);

const createTable = (name) => {
  const rows = [];
  let last = 1000;
  let live = 0;
  return Object.freeze({
    name,
    insert(values) {
      last += 1 + random.int(5000);
      rows[last] = { number: last, values, deleted: false };
      live++;
      return last;
    },
    read: (number) => (rows[number] && !rows[number].deleted ? rows[number].values : undefined),
    remove(number) {
      const row = rows[number];
      if (!row || row.deleted) return false;
      row.deleted = true;
      live--;
      return true;
    },
    count: () => live,
  });
};

const events = createTable('events');
const countries = createTable('countries');
const countryNumbers = Array.from({ length: 50 }, () => countries.insert({ name: random.word(), vat: random.int(25) }));

let queue = [];
let vat = 0;

function step() {
  queue.push(events.insert({ kind: random.word(), user: random.user(70), text: random.text(6) }));
  if (queue.length < 40) return;
  const [number] = queue;
  queue = queue.slice(1);
  if (events.read(number).text.length > 0) events.remove(number);
  vat += countries.read(random.pick(countryNumbers)).vat;
}

rounds(30, () => {
  for (let i = 0; i < 110; i++) step();
}).then(() => console.log(vat, events.count(), countries.count()));

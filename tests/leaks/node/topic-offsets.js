// culprit: byTopic\b
// kind: forgotten cache/collection
//
// A small broker: a dictionary of arrays, one for each of a fixed number of topics. Consumers move
// their offsets on, and the messages before them are never cut off.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(44);

const broker = {
  byTopic: {},
  offsets: {},

  topic(name) {
    return this.byTopic[name] || (this.byTopic[name] = []);
  },

  publish(name, message) {
    return this.topic(name).push(message) - 1;
  },

  poll(group, name, limit) {
    const key = `${group}/${name}`;
    const from = this.offsets[key] || 0;
    const batch = this.topic(name).slice(from, from + limit);
    this.offsets[key] = from + batch.length;
    return batch;
  },
};

const TOPICS = Array.from({ length: 48 }, (_, i) => `${traffic.word()}.${i}`);
const GROUPS = ['billing', 'search', 'mail'];
const consumed = Object.fromEntries(GROUPS.map((group) => [group, 0]));

function produce() {
  const name = traffic.pick(TOPICS);
  broker.publish(name, { key: traffic.hex(10), headers: { source: traffic.word() }, value: traffic.text(14) });
}

function consume(group) {
  for (const name of TOPICS) {
    for (const message of broker.poll(group, name, 50)) consumed[group] += message.value.length;
  }
}

rounds(30, () => {
  for (let i = 0; i < 900; i++) produce();
  GROUPS.forEach(consume);
}).then(() => console.log(JSON.stringify(consumed)));

// culprit: channel\b
// kind: forgotten cache/collection
//
// "No name clashes": each subscription hangs its state on the shared channel under a symbol of its
// own. Unsubscribing sets a flag.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(35);

const channel = { name: 'main', published: 0, subscribers: new Set() };

function subscribe(consumer, filter) {
  const slot = Symbol(`subscription of ${consumer}`);
  channel[slot] = { consumer, filter, active: true, backlog: new Array(8).fill(null), seen: 0 };
  channel.subscribers.add(slot);
  return slot;
}

function unsubscribe(slot) {
  channel[slot].active = false;
  channel.subscribers.delete(slot);
}

function publish(topic, text) {
  channel.published++;
  for (const slot of channel.subscribers) {
    const subscription = channel[slot];
    if (!subscription.filter.includes(topic)) continue;
    subscription.backlog[subscription.seen++ % 8] = text;
  }
}

const TOPICS = ['price', 'stock', 'news', 'alert'];
const everlasting = TOPICS.map((topic) => subscribe(`archive-${topic}`, [topic]));

let served = 0;
function visit() {
  const slot = subscribe(traffic.hex(10), [traffic.pick(TOPICS), traffic.pick(TOPICS)]);
  for (let i = 0; i < 4; i++) publish(traffic.pick(TOPICS), traffic.text(7));
  served += channel[slot].seen;
  unsubscribe(slot);
}

rounds(30, () => {
  for (let i = 0; i < 70; i++) visit();
}).then(() => {
  const archived = everlasting.reduce((n, slot) => n + channel[slot].seen, 0);
  console.log(`${channel.published} published, ${served} served, ${archived} archived`);
});

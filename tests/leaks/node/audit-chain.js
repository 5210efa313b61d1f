// culprit: \btrail\b
// kind: forgotten cache/collection|closure|unneeded reference
//
// An event queue as a linked list. The reader moves its cursor on; `first` is never moved.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(30);

class Link {
  constructor(event) {
    this.event = event;
    this.next = null;
  }
}

class EventTrail {
  constructor() {
    this.first = new Link({ kind: 'start', at: 0 });
    this.last = this.first;
    this.length = 0;
  }

  push(event) {
    this.last.next = new Link(event);
    this.last = this.last.next;
    this.length++;
  }

  reader() {
    let cursor = this.last;
    return {
      read() {
        if (cursor.next === null) return null;
        cursor = cursor.next;
        return cursor.event;
      },
    };
  }
}

const trail = new EventTrail();
const readers = [trail.reader(), trail.reader()];
const totals = new Map();

function record(user, action) {
  trail.push({
    kind: action,
    user: user.name,
    roles: user.roles,
    detail: `${action} by ${user.name}: ${traffic.text(6)}`,
  });
}

function consume() {
  for (const reader of readers) {
    for (let event = reader.read(); event !== null; event = reader.read()) {
      totals.set(event.kind, (totals.get(event.kind) || 0) + 1);
    }
  }
}

const ACTIONS = ['login', 'logout', 'read', 'update', 'delete', 'export'];
rounds(30, () => {
  for (let i = 0; i < 200; i++) record(traffic.user(300), traffic.pick(ACTIONS));
  consume();
}).then(() => console.log(`${trail.length} events, ${totals.size} kinds`));

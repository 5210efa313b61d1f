// culprit: timers?\b|timeouts?\b
// kind: timer|closure
//
// Sessions expire half an hour after the last request. Every request starts a new timeout, and
// none is ever cleared, so each keeps what it closes over for half an hour.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(17);

const HALF_AN_HOUR = 30 * 60 * 1000;
const USERS = 120;

class SessionStore {
  constructor() {
    this.sessions = new Map();
    this.expired = 0;
  }

  load(user) {
    return this.sessions.get(user) || { user, started: 0, views: 0, basket: [], flash: null };
  }

  save(session) {
    this.sessions.set(session.user, session);
    this.scheduleExpiry(session);
  }

  scheduleExpiry(session) {
    const snapshot = JSON.parse(JSON.stringify(session));
    setTimeout(() => {
      if (this.sessions.get(snapshot.user)?.views !== snapshot.views) return;
      this.sessions.delete(snapshot.user);
      this.expired++;
    }, HALF_AN_HOUR);
  }
}

const store = new SessionStore();

function handle(request) {
  const session = store.load(request.user);
  session.views++;
  session.flash = traffic.text(12);
  if (request.method === 'POST') session.basket.push({ sku: request.url, quantity: traffic.int(5) });
  if (session.basket.length > 12) session.basket = session.basket.slice(-4);
  store.save(session);
  return { status: 200, flash: session.flash };
}

let answered = 0;
rounds(30, () => {
  for (let i = 0; i < 70; i++) {
    handle(traffic.request(USERS));
    answered++;
  }
}).then(() => console.log(`${answered} requests, ${store.sessions.size} sessions`));

// clean
//
// Sessions with an index by user that is kept in step. The number of users rises for a while, and
// then stays what it is.
"use strict";
const rounds = require("../rounds");
const random = require("../traffic")(125);

class SessionStore {
    #sessions = new Map();
    #byUser = new Map();
    #ttl;

    constructor(ttl) { this.#ttl = ttl; }

    open(user, now) {
        const session = { id: random.hex(24), user, expires: now + this.#ttl, basket: [], agent: random.text(4) };
        this.#sessions.set(session.id, session);
        if (!this.#byUser.has(user)) this.#byUser.set(user, new Set());
        this.#byUser.get(user).add(session);
        return session;
    }
    of(user) {
        const sessions = this.#byUser.get(user);
        return sessions ? sessions.values().next().value : undefined;
    }
    close(session) {
        this.#sessions.delete(session.id);
        const siblings = this.#byUser.get(session.user);
        siblings.delete(session);
        if (siblings.size === 0) this.#byUser.delete(session.user);
    }
    expire(now) {
        for (const session of this.#sessions.values()) {
            if (session.expires <= now) this.close(session);
        }
    }
    get size() { return this.#sessions.size; }
}

const store = new SessionStore(3);
let views = 0;

function visit(user, now) {
    const session = store.of(user) || store.open(user, now);
    session.basket.push({ sku: random.word(), quantity: 1 + random.int(3) });
    if (session.basket.length > 6) session.basket.length = 0;
    views++;
}

rounds(36, (round) => {
    // The rush: 40 users in the first round, 400 from the tenth on.
    const users = Math.min(400, 40 * (round + 1));
    for (let i = 0; i < 350; i++) visit(`u${random.int(users)}`, round);
    store.expire(round);
}).then(() => console.log(views, store.size > 0));

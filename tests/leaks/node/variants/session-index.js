// culprit: _byUser\b
// kind: forgotten cache/collection
//
// A session store in memory. Sessions expire; their entries in the index by user do not. There are
// few users, so it is the lists of the index that grow, not the index.
"use strict";
const rounds = require("../rounds");
const random = require("../traffic")(106);

class MemoryStore {
    constructor({ ttl }) {
        this._ttl = ttl;
        this._sessions = Object.create(null);
        this._byUser = Object.create(null);
        this._count = 0;
    }
    create(user, now) {
        const sid = random.hex(32);
        const cookie = { path: "/", httpOnly: true, originalMaxAge: this._ttl, expires: now + this._ttl };
        this._sessions[sid] = { cookie, user, csrf: random.hex(16), cart: [], visited: [] };
        (this._byUser[user] || (this._byUser[user] = [])).push({ sid, since: now, agent: random.request().headers["user-agent"] });
        this._count++;
        return sid;
    }
    get(sid, now) {
        const session = this._sessions[sid];
        if (!session) return null;
        if (session.cookie.expires <= now) { this.destroy(sid); return null; }
        return session;
    }
    destroy(sid) {
        if (sid in this._sessions) { delete this._sessions[sid]; this._count--; }
    }
    reap(now) {
        for (const sid of Object.keys(this._sessions)) {
            if (this._sessions[sid].cookie.expires <= now) this.destroy(sid);
        }
    }
}

const store = new MemoryStore({ ttl: 4 });
const cookies = [];
const seen = { returning: 0, fresh: 0 };

function visit(now) {
    let sid = cookies.length > 0 && random.int(3) ? random.pick(cookies) : null;
    let session = sid && store.get(sid, now);
    if (session) seen.returning++;
    else {
        sid = store.create(`user${random.int(80)}`, now);
        session = store.get(sid, now);
        cookies.push(sid);
        if (cookies.length > 200) cookies.splice(0, 100);
        seen.fresh++;
    }
    session.visited.push(random.request().url);
    if (session.visited.length > 10) session.visited.shift();
}

rounds(32, (round) => {
    for (let i = 0; i < 260; i++) visit(round);
    store.reap(round);
}).then(() => console.log(JSON.stringify(seen), store._count));

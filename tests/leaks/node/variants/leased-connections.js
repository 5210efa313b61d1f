// culprit: _leased\b
// kind: large object|forgotten cache/collection|unneeded reference
// accumulates: Connection|PooledConnection|Object
//
// A pool of connections without a cap. What fails is not given back; the pool makes another one.
"use strict";
var rounds = require("../rounds");
var random = require("../traffic")(104);

var nextId = 1;

class PooledConnection {
    constructor() {
        this.id = nextId++;
        this.buffer = new Uint8Array(4096);
        this.prepared = Object.create(null);
        this.transaction = null;
    }
    async execute(sql, parameters) {
        this.prepared[sql] = (this.prepared[sql] || 0) + 1;
        this.buffer.fill(parameters.length);
        await undefined;
        if (parameters[0] % 11 === 0) throw Object.assign(new Error("deadlock"), { code: 1213 });
        return [{ id: parameters[0], text: random.text(3) }];
    }
}

class ConnectionPool {
    constructor(options) {
        this.options = Object.assign({ min: 2, idleLimit: 12 }, options);
        this._idle = [];
        this._leased = new Set();
        for (let i = 0; i < this.options.min; i++) this._idle.push(new PooledConnection());
    }
    lease() {
        const connection = this._idle.pop() || new PooledConnection();
        this._leased.add(connection);
        return connection;
    }
    giveBack(connection) {
        this._leased.delete(connection);
        connection.transaction = null;
        if (this._idle.length < this.options.idleLimit) this._idle.push(connection);
    }
}

const pool = new ConnectionPool({ idleLimit: 16 });
const outcome = { rows: 0, deadlocks: 0 };

async function transfer(from, to) {
    const connection = pool.lease();
    connection.transaction = { from, to, startedAt: nextId, log: random.text(6).split(" ") };
    const rows = await connection.execute("UPDATE account SET n = n - ? WHERE id = ?", [from, to]);
    outcome.rows += rows.length;
    pool.giveBack(connection);
}

rounds(30, async () => {
    for (let wave = 0; wave < 4; wave++) {
        const transfers = Array.from({ length: 16 }, () => transfer(random.int(1000), random.int(1000)));
        for (const result of await Promise.allSettled(transfers)) {
            if (result.status === "rejected") outcome.deadlocks++;
        }
    }
}).then(() => console.log(JSON.stringify(outcome), pool._idle.length));

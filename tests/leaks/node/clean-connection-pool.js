// clean
//
// A pool that grows with demand up to its cap. Each connection has buffers and a statement cache
// with a limit.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(68);

class Connection {
  constructor(id) {
    this.id = id;
    this.input = Buffer.alloc(16384);
    this.output = Buffer.alloc(16384);
    this.statements = new Map();
    this.uses = 0;
  }

  query(sql) {
    this.uses++;
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = { sql, parameters: (sql.match(/\?/g) || []).length };
      if (this.statements.size >= 6) this.statements.delete(this.statements.keys().next().value);
      this.statements.set(sql, statement);
    }
    this.output.write(sql, 0, 'latin1');
    return statement.parameters;
  }
}

class Pool {
  constructor(cap) {
    this.cap = cap;
    this.idle = [];
    this.size = 0;
    this.waiters = [];
  }

  async acquire() {
    if (this.idle.length > 0) return this.idle.pop();
    if (this.size < this.cap) return new Connection(++this.size);
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  release(connection) {
    const waiter = this.waiters.shift();
    if (waiter) waiter(connection);
    else this.idle.push(connection);
  }
}

const pool = new Pool(48);
let parameters = 0;

async function request() {
  const connection = await pool.acquire();
  await null;
  parameters += connection.query(`SELECT ${traffic.word()} FROM ${traffic.word()} WHERE id = ? AND n > ?`);
  pool.release(connection);
}

rounds(36, async (round) => {
  const demand = Math.min(120, 8 + round * 8);
  await Promise.all(Array.from({ length: demand }, request));
}).then(() => console.log(parameters, pool.size, pool.waiters.length));

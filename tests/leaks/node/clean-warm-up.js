// clean
//
// Routes, formatters and prepared statements come into being as they are first needed. After the
// first few rounds there is nothing new.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(66);

const statements = new Map();
const formatters = Object.create(null);
const routes = [];

function prepare(table, columns) {
  const sql = `SELECT ${columns.join(', ')} FROM ${table} WHERE id = ?`;
  let statement = statements.get(sql);
  if (!statement) {
    statement = { sql, plan: columns.map((c, i) => ({ column: c, register: i, cost: c.length })), runs: 0 };
    statements.set(sql, statement);
  }
  statement.runs++;
  return statement;
}

function formatter(pattern) {
  if (!formatters[pattern]) {
    const pieces = pattern.split('.');
    formatters[pattern] = (row) => pieces.map((p) => `${p}=${row[p] || '-'}`).join(' ');
  }
  return formatters[pattern];
}

function route(url) {
  const prefix = url.split('/')[1];
  let found = routes.find((r) => r.prefix === prefix);
  if (!found) {
    found = { prefix, pattern: new RegExp(`^/${prefix}/(\\d+)$`), hits: 0 };
    routes.push(found);
  }
  found.hits++;
  return found.pattern.exec(url);
}

const COLUMNS = ['id', 'name', 'price', 'stock', 'vat'];
const TABLES = Array.from({ length: 120 }, (_, i) => `table_${i}`);
let length = 0;

function handle(request) {
  const match = route(request.url);
  if (!match) return;
  const columns = COLUMNS.slice(0, 1 + (Number(match[1]) % COLUMNS.length));
  const statement = prepare(traffic.pick(TABLES), columns);
  const row = Object.fromEntries(statement.plan.map((step) => [step.column, traffic.int(99)]));
  length += formatter(columns.join('.'))(row).length;
}

rounds(36, () => {
  for (let i = 0; i < 400; i++) handle(traffic.request());
}).then(() => console.log(length > 0, routes.length, statements.size));

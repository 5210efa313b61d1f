// SPDX-License-Identifier: MIT
'use strict';
// console.table.

const { inspect } = require('internal:inspect');
const { text_width } = require('internal:inspect_text');
const binding = require('internal:binding');
const has_own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

function cell(value) {
  const nested = value !== null && typeof value === 'object' && !Array.isArray(value) &&
    Object.keys(value).length > 2;
  return inspect(value, { maxArrayLength: 3, breakLength: Infinity, depth: nested ? -1 : 0, compact: 3 });
}

function padded(text, width) {
  return ' ' + text + ' '.repeat(width - text_width(text) - 1);
}

function draw(head, columns) {
  const rows = [];
  const row_count = Math.max(...columns.map((column) => column.length));
  for (let i = 0; i < row_count; i++) {
    rows.push(columns.map((column) => (column[i] === undefined ? '' : column[i])));
  }
  const widths = head.map((title, i) =>
    Math.max(text_width(title), ...rows.map((row) => text_width(row[i]))) + 2);
  const rule = (left, middle, right) => left + widths.map((width) => '─'.repeat(width)).join(middle) + right;
  const line = (cells) => '│' + cells.map((text, i) => padded(text, widths[i])).join('│') + '│';
  return [rule('┌', '┬', '┐'), line(head), rule('├', '┼', '┤'), ...rows.map(line), rule('└', '┴', '┘')].join('\n');
}

function rows_of(data) {
  const kind = binding.kind(data);
  if (kind === 'Map') {
    const pairs = [...data];
    return { index: '(iteration index)', names: pairs.map((_, i) => String(i)), values: null,
      columns: [['Key', pairs.map((pair) => cell(pair[0]))], ['Values', pairs.map((pair) => cell(pair[1]))]] };
  }
  if (kind === 'Set') {
    const values = [...data];
    return { index: '(iteration index)', names: values.map((_, i) => String(i)), values: null,
      columns: [['Values', values.map(cell)]] };
  }
  const names = Object.keys(data);
  return { index: '(index)', names, values: names.map((name) => data[name]), columns: [] };
}

// The table as text; undefined if the data is no object (it is then logged as it is).
function table(data, wanted) {
  if (data === null || typeof data !== 'object') return undefined;
  const rows = rows_of(data);
  if (rows.values === null) {
    return draw([rows.index, ...rows.columns.map((column) => column[0])], [rows.names, ...rows.columns.map((column) => column[1])]);
  }
  const columns = new Map();
  const plain = [];
  let has_plain = false;
  rows.values.forEach((value, i) => {
    const primitive = value === null || (typeof value !== 'object' && typeof value !== 'function');
    if (primitive) {
      has_plain = true;
      plain[i] = cell(value);
      return;
    }
    for (const key of wanted || Object.keys(value)) {
      if (!columns.has(key)) columns.set(key, []);
      columns.get(key)[i] = has_own(value, key) ? cell(value[key]) : '';
    }
  });
  const head = [rows.index, ...columns.keys()];
  const cells = [rows.names, ...columns.values()];
  if (has_plain) {
    head.push('Values');
    cells.push(plain);
  }
  return draw(head, cells);
}

module.exports = { table };

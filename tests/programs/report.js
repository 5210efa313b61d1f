// A text report: padding, rounding, grouping, tables, tagged templates, dates.
const orders = [
  ['2024-01-05', 'Widget', 'EU', 12, 9.99], ['2024-01-17', 'Gadget', 'US', 3, 149.5], ['2024-02-02', 'Widget', 'US', 40, 9.49],
  ['2024-02-29', 'Doohickey', 'EU', 1, 1234.567], ['2024-03-03', 'Gadget', 'APAC', 7, 139], ['2024-03-31', 'Widget', 'EU', 100, 8.005],
].map(([date, product, region, quantity, price]) => ({ date: new Date(date + 'T12:00:00Z'), product, region, quantity, price }));

const groupBy = (items, key) => items.reduce((map, item) => map.set(key(item), [...(map.get(key(item)) || []), item]), new Map());
const sum = (items, f) => items.reduce((total, item) => total + f(item), 0);
const total = ({ quantity, price }) => quantity * price;
const money = (n) => n.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function table(rows, columns) {
  const cells = rows.map((row) => columns.map(({ value }) => String(value(row))));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...cells.map((line) => line[i].length)));
  const line = (parts, fill = ' ') => '|' + parts.map((part, i) => fill + (columns[i].right ? part.padStart(widths[i], fill) : part.padEnd(widths[i], fill)) + fill).join('|') + '|';
  return [line(columns.map((c) => c.title)), line(columns.map(() => ''), '-'), ...cells.map((c) => line(c))].join('\n');
}
console.log(table(orders, [
  { title: 'Date', value: (o) => o.date.toISOString().slice(0, 10) },
  { title: 'Product', value: (o) => o.product },
  { title: 'Qty', value: (o) => o.quantity, right: true },
  { title: 'Total', value: (o) => money(total(o)), right: true },
]));
for (const [product, items] of [...groupBy(orders, (o) => o.product)].sort(([a], [b]) => a.localeCompare(b))) {
  const amounts = items.map(total);
  const mean = sum(items, total) / items.length;
  const deviation = Math.sqrt(sum(amounts, (x) => (x - mean) ** 2) / amounts.length);
  console.log(`${product.padEnd(12, '.')}${money(sum(items, total)).padStart(12, '.')}  mean ${mean.toFixed(2)}  sd ${deviation.toPrecision(4)}  ${'#'.repeat(Math.round(mean / 50))}`);
}
const pivot = {};
for (const { region, product, quantity } of orders) (pivot[region] ??= {})[product] = (pivot[region]?.[product] ?? 0) + quantity;
console.table(pivot);
console.table(orders.map(({ product, price }) => ({ product, price })), ['price']);
console.table([[1, 'a'], [2, 'b']]);
console.table(new Map([['k', { v: 1 }], ['l', { v: [2, 3] }]]));
console.table(['x', 'y']);
console.table(5);

function currency(strings, ...values) {
  return strings.raw.map((text, i) => text + (i < values.length ? (typeof values[i] === 'number' ? '$' + values[i].toFixed(2) : `<${values[i]}>`) : '')).join('');
}
console.log(currency`Paid ${3.14159} to ${'Bob'}\n for ${orders[0].product} (${{ toString: () => 'object' }})`);
console.log([0.5, 1.005, 1e21, 123.456, -0.0001, 1e-7, 0, -0, NaN, Infinity].map((n) => [n.toFixed(2), n.toExponential(1), String(n), n.toLocaleString()].join(' ')).join('\n'));
console.log([1.5, 2.5, -1.5, -0.5].map(Math.round), [7.0625, 8.345].map((x) => x.toPrecision(3)), (255).toString(16).toUpperCase().padStart(4, '0'), (0.1).toString(2).length);
const months = Array.from({ length: 12 }, (_, m) => new Date(Date.UTC(2023, m + 1, 0)).getUTCDate());
console.log(months.join(' '), new Date(NaN).getTime(), JSON.stringify({ at: orders[3].date, bad: new Date(NaN) }));
console.group('Group');
console.log('inside\ntwo lines');
console.group();
console.info({ a: 1, b: 'x' });
console.groupEnd();
console.groupEnd();
console.log('%s is %d years and %i months, %f, %j %o %O %%', 'Bob', 42.5, 42.9, '1.5', { a: 1 }, [1, { b: 2 }], { c: { d: {} } }, 'extra');
console.log('a\tb'.split('\t'), 'Ünïcödé'.normalize('NFD').replace(/[\u0300-\u036f]/g, ''), 'title case words'.replace(/\b\w/g, (c) => c.toUpperCase()));
console.log('The quick brown fox jumps over the lazy dog and runs away from it'.match(/.{1,20}(?:\s|$)/g).map((l, i) => `${i}: ${l.trim()}`).join('\n'));

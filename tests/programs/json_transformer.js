// Order records in, a report out: grouping, joining, flattening, paths, diffs.
const source = JSON.stringify({
  customers: Array.from(
      {length: 25}, (_, i) => ({
                      id: `c${i}`,
                      name: `Customer ${i}`,
                      address: {city: ['Oslo', 'Lima', 'Pune'][i % 3], zip: String(10000 + i * 37)},
                      tags: i % 4 ? ['retail'] : ['vip', 'wholesale']
                    })),
  products: [['pen', 1.2], ['book', 12.99], ['lamp', 39.5], ['desk', 249]].map(
      ([sku, price], i) => ({sku, price, stock: {warehouse: i * 10, shop: i + 1}})),
  orders: Array.from(
      {length: 300},
      (_, i) => ({
        id: i + 1,
        customer: `c${(i * 7) % 25}`,
        date: new Date(Date.UTC(2024, i % 12, (i % 28) + 1)),
        lines: Array.from(
            {length: (i % 3) + 1},
            (_, j) => ({sku: ['pen', 'book', 'lamp', 'desk'][(i + j) % 4], count: ((i * j) % 5) + 1})),
        note: i % 50 === 0 ? 'gift "wrapped"\n\tfragile' : undefined
      })),
});

const isoDate = /^\d{4}-\d\d-\d\dT/;
const data = JSON.parse(
    source, (key, value) => (typeof value === 'string' && isoDate.test(value) ? new Date(value) : value));
const by = (list, key) => new Map(list.map((item) => [item[key], item]));
const groupBy = (list, f) => list.reduce((groups, item) => ((groups[f(item)] ??= []).push(item), groups), {});
const sum = (list, f = (x) => x) => list.reduce((total, item) => total + f(item), 0);

const customers = by(data.customers, 'id'), products = by(data.products, 'sku');
const orders = data.orders.map(({id, customer, date, lines, ...rest}) => ({
                                 id,
                                 date,
                                 ...rest,
                                 customer: customers.get(customer),
                                 total: sum(lines, ({sku, count}) => products.get(sku).price * count),
                                 skus: [...new Set(lines.map((l) => l.sku))],
                               }));

const cities = Object.entries(groupBy(orders, (o) => o.customer.address.city))
                   .map(([city, list]) => ({
                          city,
                          orders: list.length,
                          revenue: +sum(list, (o) => o.total).toFixed(2),
                          best: list.reduce((a, b) => (b.total > a.total ? b : a)).id
                        }))
                   .sort((a, b) => b.revenue - a.revenue);
console.table(cities);

const months = groupBy(orders, ({date}) => date.toISOString().slice(0, 7));
for (const [month, list] of Object.entries(months).slice(0, 4))
  console.log(
      month, list.length.toString().padStart(3), '#'.repeat(Math.round(sum(list, (o) => o.total) / 500)));

function flatten(value, prefix = '', out = {}) {
  if (value === null || typeof value !== 'object' || value instanceof Date)
    out[prefix] = value;
  else
    for (const [key, inner] of Object.entries(value))
      flatten(inner, Array.isArray(value) ? `${prefix}[${key}]` : prefix ? `${prefix}.${key}` : key, out);
  return out;
}
console.log(flatten({first: data.orders[0], customer: data.customers[0]}));

const get = (object, path) => path.match(/[^.[\]]+/g).reduce((o, key) => o?.[key], object);
console.log(
    get(data, 'customers[3].address.city'), get(data, 'orders[2].lines[1].sku'),
    get(data, 'no.such[5].path'));

function diff(a, b, path = '$') {
  if (Object.is(a, b)) return [];
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b)
    return [`${path}: ${JSON.stringify(a)} -> ${JSON.stringify(b)}`];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap(
      (k) =>
          (!(k in b) ? `${path}.${k} removed` :
               !(k in a) ? `${path}.${k} added` :
                           diff(a[k], b[k], `${path}.${k}`)));
}
const changed = JSON.parse(JSON.stringify(data.customers[4]));
changed.name = 'Renamed';
delete changed.address.zip;
changed.tags.push('new');
changed.since = 2024;
console.log(diff(data.customers[4], changed));
const csv =
    [
      ['id', 'city', 'note'],
      ...orders.filter((o) => o.note).map((o) => [o.id, o.customer.address.city, o.note])
    ]
        .map(
            (row) => row.map((cell) => (/[",\n]/.test(cell) ? `"${String(cell).replace(/"/g, '""')}"` : cell))
                         .join(','))
        .join('\n');
console.log(csv);
console.log(JSON.stringify(orders[50], (k, v) => (k === 'customer' ? v.name : v), 2), source.length);

// Text: a CSV reader, a template engine, a diff, word counts, a trie, a markdown-like renderer, URL-ish parsing.
'use strict';
const csv = `id,name,note
1,"Smith, J.","said ""hi"""
2,Ünal,
3,,"two
lines"`;
function parseCsv(text) {
  const rows = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n"]*))(,|\n|$)/g)) {
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\n') rows.push([]);
    if (end === '') break;
  }
  const [header, ...lines] = rows;
  return lines.map((cells) => Object.fromEntries(header.map((h, i) => [h, cells[i]])));
}
console.log(parseCsv(csv));
const render = (template, data) => template
  .replace(/{{#each (\w+)}}([\s\S]*?){{\/each}}/g, (_, list, body) => (data[list] ?? []).map((item, index) => render(body, { ...data, ...item, index })).join(''))
  .replace(/{{#if (!?)(\w+)}}([\s\S]*?)(?:{{else}}([\s\S]*?))?{{\/if}}/g, (_, not, key, yes, no = '') => (!!data[key] !== !!not ? yes : no))
  .replace(/{{\s*([\w.]+)\s*(?:\|\s*(\w+))?\s*}}/g, (all, path, filter) => {
    const value = path.split('.').reduce((o, k) => o?.[k], data);
    return { upper: (s) => s.toUpperCase(), json: JSON.stringify, undefined: (s) => s ?? all }[filter](value);
  });
console.log(render('Hi {{ user.name | upper }}!{{#each items}}\n{{index}}. {{label}}{{#if done}} (done){{else}} (open){{/if}}{{/each}}\n{{missing}} {{user | json}}',
  { user: { name: 'Zoë' }, items: [{ label: 'one', done: true }, { label: 'two' }] }));
function diff(a, b) {
  const table = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  const out = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (a[i] === b[j]) { out.push(`  ${a[i++]}`); j++; } else if (j >= b.length || (i < a.length && table[i + 1][j] >= table[i][j + 1])) out.push(`- ${a[i++]}`); else out.push(`+ ${b[j++]}`);
  }
  return out;
}
console.log(diff('the quick brown fox'.split(' '), 'the slow brown dog fox'.split(' ')).join('\n'));
const words = `It was the best of times, it was the worst of times; it was... the age — of wisdom! Don't panic, e-mail me.`.toLowerCase().match(/[a-z]+(?:['-][a-z]+)*/g);
const counts = words.reduce((m, w) => m.set(w, (m.get(w) ?? 0) + 1), new Map());
console.log([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 5), counts.size, new Set(words.join('')).size);
class Trie {
  #root = Object.create(null);
  constructor(words = []) { for (const w of words) this.add(w); }
  add(word) { let node = this.#root; for (const c of word) node = node[c] ??= Object.create(null); node.$ = true; return this; }
  *complete(prefix) {
    let node = this.#root;
    for (const c of prefix) if (!(node = node[c])) return;
    yield* (function* walk(n, text) { if (n.$) yield text; for (const c of Object.keys(n).sort()) if (c !== '$') yield* walk(n[c], text + c); })(node, prefix);
  }
}
const trie = new Trie(['car', 'card', 'care', 'cat', 'dog', '😀x']);
console.log([...trie.complete('car')], [...trie.complete('')], [...trie.complete('z')], trie);
const markdown = (text) => text.trim().split(/\n{2,}/).map((block) => {
  const inline = (s) => s.replace(/\*\*(.+?)\*\*|_(.+?)_|`(.+?)`|\[(.+?)\]\((.+?)\)/g, (_, b, i, c, l, u) => b ? b.bold() : i ? i.italics() : c ? `<code>${c}</code>` : l.link(u));
  const [, hashes, title] = /^(#{1,6}) (.*)$/.exec(block) ?? [];
  if (hashes) return `<h${hashes.length}>${inline(title)}</h${hashes.length}>`;
  if (/^(?:[-*] .*\n?)+$/.test(block)) return `<ul>${block.split('\n').map((l) => `<li>${inline(l.slice(2))}</li>`).join('')}</ul>`;
  return `<p>${inline(block)}</p>`;
}).join('\n');
console.log(markdown('# Title with `code`\n\nSome **bold** and _it_ [link](http://x/?a="1")\n\n- one\n- **two**\n'));
const url = /^(?<scheme>[a-z]+):\/\/(?:(?<user>[^:@]+)(?::(?<pass>[^@]*))?@)?(?<host>[^:\/?#]+)(?::(?<port>\d+))?(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?(?:#(?<hash>.*))?$/;
for (const u of ['http://me:pw@example.com:8080/a/b?x=1&y=%20z&x=2#frag', 'ftp://host', 'nope']) {
  const groups = u.match(url)?.groups;
  console.log(groups && { ...groups, query: groups.query?.split('&').map((p) => p.split('=').map(decodeURIComponent)) });
}
const roman = (n) => [[1000, 'M'], [900, 'CM'], [500, 'D'], [400, 'CD'], [100, 'C'], [90, 'XC'], [50, 'L'], [40, 'XL'], [10, 'X'], [9, 'IX'], [5, 'V'], [4, 'IV'], [1, 'I']].reduce((s, [v, r]) => { while (n >= v) { s += r; n -= v; } return s; }, '');
console.log([1994, 2024, 49].map(roman), [...'héllo😀'].reverse().join(''), 'abc'.localeCompare('abd'), 'a-b_c d'.split(/[-_ ]/), 'x'.codePointAt(), 'aXbXc'.split('X', 2), ' pad '.trim().padEnd(6, '*'), 'abcabc'.lastIndexOf('b'), 'é' === 'é'.normalize('NFC'), 'ß'.toUpperCase(), 'İ'.toLowerCase().length, escape('ü x'), encodeURIComponent('ü&=/'), encodeURI('ü&=/ '));
const camel = (s) => s.replace(/[-_\s]+(.)?/g, (_, c) => c?.toUpperCase() ?? ''), kebab = (s) => s.replace(/([a-z\d])([A-Z])/g, '$1-$2').toLowerCase();
console.log(camel('foo-bar_baz qux-'), kebab('fooBarBazQUX'), '2024-03-05'.replace(/(\d+)-(\d+)-(\d+)/, "$3.$2.$1 [$&] $$ $`|$'|$<x>"), 'aaa'.replace(/a/gy, (m, at) => at), 'x1y22'.split(/(\d+)/), 'test'.search(/s/), /(?<=\$)\d+(?=€)?/.exec('cost $42')[0], 'a\u2028b'.match(/a.b/), 'line1\nline2'.match(/^line\d$/gm));

// Random patterns over a small alphabet; what each finds in a few texts.
let seed = 20261122;
const rnd = n => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % n; };
const pick = a => a[rnd(a.length)];
let names = 0;
function atom(d) {
  switch (rnd(d > 2 ? 6 : 14)) {
    case 0: case 1: return pick(['a', 'b', 'c']);
    case 2: return pick(['.', '\\w', '\\d', '[ab]', '[^a]', 'é', '😀', '\\s', '\\W', '\\u0061', '\\x62']);
    case 3: return pick(['\\b','^','$','\\1','\\2']);
    case 4: return pick(['a', 'b', '(?:)', '()']);
    case 5: return pick(['[a-c]', 'ab']);
    case 6: case 7: case 8: return '(' + alt(d + 1) + ')';
    case 9: return '(?:' + alt(d + 1) + ')';
    case 10: return '(?' + pick(['=', '!', '<=', '<!']) + alt(d + 1) + ')';
    case 11: return names++ || rnd(3) ? '(?:' + alt(d + 1) + ')' : '(?<n>' + alt(d + 1) + ')';
    case 12: return 'b';
    default: return pick(['a', 'b']);
  }
}
function seq(d) { let s = ''; for (let n = rnd(4); n >= 0; n--) { s += atom(d); if (rnd(3) === 0) s += pick(['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,1}?', '{2,}']); } return s; }
function alt(d) { let s = seq(d); while (rnd(4) === 0) s += '|' + (rnd(5) ? seq(d) : ''); return s; }
const subjects = ['', 'a', 'ab', 'abcabc', 'aabbccaab', 'bcba😀é a1b2', 'cabÉcaab aéb', 'aaaa', 'ABab'];
for (let i = 0; i < 500; i++) {
  names = 0;
  const src = alt(0);
  if (src.length > 40) continue;
  const flags = pick(['', '', 'i', 'u', 'iu', 'm', 's', 'y']);
  let out;
  try {
    const re = new RegExp(src, flags);
    out = subjects.map(s => { re.lastIndex = 0; const m = re.exec(s); return m ? [m.index, ...m].map(x => x === undefined ? 'U' : JSON.stringify(x)).join() : '-'; }).join(' | ');
  } catch (e) { out = e.name + ': ' + e.message; }
  console.log(i, '/' + src + '/' + flags, out);
}

function fall(x) {
  const log = [];
  switch (x) {
    case 1:
      log.push('one');
    case 2:
      log.push('two');
      break;
    default:
      log.push('default');
    case 3:
      log.push('three');
  }
  return log.join(' ');
}
for (const x of [1, 2, 3, 4, '1', undefined]) console.log(x, fall(x));

// Cases are evaluated in order, only as far as needed, and compared strictly.
const seen = [];
const note = (v) => (seen.push(v), v);
switch (2) {
  case note(1):
  case note(2):
    seen.push('hit');
    break;
  case note(3):
}
console.log(seen);

switch (NaN) {
  case NaN:
    console.log('never');
    break;
  default:
    console.log('NaN is not NaN');
}
switch (-0) {
  case 0:
    console.log('zero');
}
switch (true) {
  case 5 > 3:
    console.log('greater');
    break;
}
switch ('nothing') {
}

// One scope for all cases.
switch (1) {
  case 1:
    let shared = 'a';
  case 2:
    shared += 'b';
    console.log(shared);
}

function returning(kind) {
  switch (kind) {
    case 'a': return 1;
    case 'b': { const x = 2; return x; }
    case 'c': { return (() => { switch (1) { case 1: return 3; } })(); }
  }
  return 0;
}
console.log(['a', 'b', 'c', 'd'].map(returning));

// A dense switch on strings and one on numbers, many times.
let sum = 0;
for (let i = 0; i < 1000; i++) {
  switch (i % 7) {
    case 0: sum += 1; break;
    case 1: sum += 10; continue;
    case 2: case 3: sum += 100; break;
    default: sum += 1000;
  }
  sum++;
}
console.log(sum);

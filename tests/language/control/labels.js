outer: for (let i = 0; i < 4; i++) {
  for (let j = 0; j < 4; j++) {
    if (j === 2) continue outer;
    if (i === 2) break outer;
    console.log(i, j);
  }
}

block: {
  console.log('before');
  if (1) break block;
  console.log('never');
}

a: b: while (true) {
  do {
    break a;
  } while (true);
}

let rounds = 0;
loop: do {
  rounds++;
  switch (rounds) {
    case 1:
      continue loop;
    case 2:
      break;
    case 3:
      break loop;
  }
  console.log('round', rounds);
} while (rounds < 10);
console.log(rounds);

label: if (true) {
  for (const x of [1, 2, 3]) {
    if (x === 2) break label;
    console.log('x', x);
  }
  console.log('never');
}

// Through finally, and through an iterator that must be closed.
const iterator = {
  [Symbol.iterator]() {
    let n = 0;
    return {
      next: () => ({ value: n++, done: false }),
      return: () => (console.log('closed'), {}),
    };
  },
};
top: for (let k = 0; k < 2; k++) {
  for (const v of iterator) {
    try {
      if (v === 1) continue top;
      console.log('v', v);
    } finally {
      console.log('finally', v);
    }
  }
}

function find(matrix, wanted) {
  search: for (let r = 0; r < matrix.length; r++)
    for (let c = 0; c < matrix[r].length; c++) if (matrix[r][c] === wanted) { var at = [r, c]; break search; }
  return at;
}
console.log(find([[1, 2], [3, 4]], 3), find([[1]], 9));

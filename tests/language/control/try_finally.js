const log = [];
const say = (x) => (log.push(x), x);

function returns() {
  try {
    return say('try');
  } finally {
    say('finally');
  }
}
console.log(returns(), log.splice(0));

function overrides() {
  try {
    return 1;
  } finally {
    return 2;
  }
}
console.log(overrides());

function swallows() {
  try {
    throw new Error('lost');
  } finally {
    return 'swallowed';
  }
}
console.log(swallows());

function valueKept() {
  let x = 1;
  try {
    return x;
  } finally {
    x = 2;
  }
}
console.log(valueKept());

function breaks() {
  for (let i = 0; ; i++) {
    try {
      if (i === 3) break;
      if (i === 1) continue;
      say(i);
    } finally {
      say('f' + i);
    }
  }
  return log.splice(0).join();
}
console.log(breaks());

function breakOverReturn() {
  while (true) {
    try {
      return 1;
    } finally {
      break;
    }
  }
  return 'after';
}
console.log(breakOverReturn());

function nested() {
  try {
    try {
      throw new Error('a');
    } finally {
      say('inner');
    }
  } catch (e) {
    say(e.message);
    try {
      throw new Error('b');
    } catch {
      say('b caught');
    } finally {
      say('second');
    }
    return 'done';
  } finally {
    say('outer');
  }
}
console.log(nested(), log.splice(0).join());

function rethrow() {
  try {
    try {
      throw 1;
    } catch (e) {
      throw e + 1;
    } finally {
      say('between');
    }
  } catch (e) {
    return e;
  }
}
console.log(rethrow(), log.splice(0));

function thrownInFinally() {
  try {
    try {
      throw new Error('first');
    } finally {
      throw new Error('second');
    }
  } catch (e) {
    return e.message;
  }
}
console.log(thrownInFinally());

function* generator() {
  try {
    yield 1;
    yield 2;
  } finally {
    yield 'cleaning';
    say('cleaned');
  }
}
const g = generator();
console.log(g.next(), g.return(9), g.next(), g.next(), log.splice(0));

// Anything can be thrown.
for (const thing of [1, 'text', null, undefined, { a: 1 }, [1], Symbol('s'), () => 0]) {
  try {
    throw thing;
  } catch (caught) {
    console.log(caught === thing, typeof caught);
  }
}

// The pattern of a catch.
try {
  throw { code: 7, inner: { list: [1, 2] } };
} catch ({ code, missing = 'default', inner: { list: [, second] } }) {
  console.log(code, missing, second);
}

// Deep: the exception passes through many frames with finally.
let count = 0;
function deep(n) {
  try {
    if (n === 0) throw new RangeError('bottom');
    deep(n - 1);
  } finally {
    count++;
  }
}
try {
  deep(200);
} catch (e) {
  console.log(e.name, e.message, count);
}
console.log((() => { try { return 'a'; } finally { try { throw 1; } catch { say('x'); } } })(), log.splice(0));

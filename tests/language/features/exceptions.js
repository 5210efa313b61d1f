function f(x) {
  try {
    if (x === 1) throw new Error('one');
    if (x === 2) return 'returned';
    return 'normal';
  } catch (e) {
    return 'caught ' + e.message;
  } finally {
    console.log('finally', x);
  }
}
console.log(f(0), f(1), f(2));
function override() {
  try {
    return 'try';
  } finally {
    return 'finally';
  }
}
console.log(override());
function swallow() {
  try {
    throw 1;
  } finally {
    return 'swallowed';
  }
}
console.log(swallow());
function order() {
  const r = [];
  try {
    try {
      r.push(1);
      throw 'a';
    } finally {
      r.push(2);
    }
  } catch (e) {
    r.push(e);
  } finally {
    r.push(3);
  }
  return r;
}
console.log(order());
for (let i = 0; i < 3; i++) {
  try {
    if (i === 1) continue;
    if (i === 2) break;
    console.log('body', i);
  } finally {
    console.log('fin', i);
  }
}
lbl: for (const a of [1, 2]) {
  try {
    for (const b of [1, 2]) {
      try {
        if (b === 1) continue lbl;
      } finally {
        console.log('inner fin', a, b);
      }
    }
  } finally {
    console.log('outer fin', a);
  }
}
try {
  try {
    throw new Error('first');
  } finally {
    throw new Error('second');
  }
} catch (e) {
  console.log(e.message);
}
try {
  throw null;
} catch (e) {
  console.log(e);
}
try {
  throw undefined;
} catch (e) {
  console.log(e);
}
try {
  throw 42;
} catch {
  console.log('no binding');
}
class MyError extends Error {
  constructor(msg, extra) {
    super(msg);
    this.name = 'MyError';
    this.extra = extra;
  }
}
try {
  throw new MyError('custom', {a: 1});
} catch (e) {
  console.log(e instanceof MyError, e instanceof Error, e.name, e.message, e.extra, String(e));
}
const e1 = new Error('outer', {cause: new TypeError('inner')});
console.log(e1.cause.message, Object.keys(e1), 'cause' in new Error('x'));
function deep(n) {
  if (n === 0) throw new RangeError('bottom');
  try {
    deep(n - 1);
  } finally {
    depth++;
  }
}
let depth = 0;
try {
  deep(10);
} catch (e) {
  console.log(e.name, depth);
}
const val = (() => {
  let i = 0;
  try {
    return i;
  } finally {
    i = 5;
  }
})();
console.log(val);
function* g() {
  try {
    yield 1;
  } finally {
    console.log('gen finally');
  }
}
for (const x of g()) {
  try {
    break;
  } finally {
    console.log('loop finally');
  }
}
try {
  (() => {
    throw Object.assign(new Error('with code'), {code: 'E_CODE'});
  })();
} catch ({message, code}) {
  console.log(message, code);
}
function rethrow() {
  try {
    throw new Error('orig');
  } catch (e) {
    e.message += '+';
    throw e;
  }
}
try {
  rethrow();
} catch (e) {
  console.log(e.message);
}
function nested() {
  try {
    try {
      throw 1;
    } catch (e) {
      throw e + 1;
    }
  } catch (e) {
    try {
      throw e + 1;
    } catch (e2) {
      return [e, e2];
    }
  }
}
console.log(nested());
console.log(
    new Error('a', {cause: 0}).cause, Error('no new').message, new AggregateError([1, 2], 'agg').errors,
    TypeError('t') instanceof TypeError);
console.log(
    Object.prototype.toString.call(new Error), Error.prototype.toString.call({name: 'N', message: 'M'}),
    String(new RangeError), `${new SyntaxError('s')}`);
function so() { return so() + 1; }
try {
  so();
} catch (e) {
  console.log(e.name, e.message);
}
let count = 0;
function rec() {
  count++;
  rec();
}
try {
  rec();
} catch (e) {
  console.log(e instanceof RangeError, count > 1000);
}
const obj = {
  get bad() { throw new Error('getter threw'); }
};
try {
  obj.bad;
} catch (e) {
  console.log(e.message);
}
try {
  [3, 1, 2].sort(() => {
    throw new Error('cmp');
  });
} catch (e) {
  console.log(e.message);
}
try {
  [1].map(() => {
    throw new Error('map');
  });
} catch (e) {
  console.log(e.message);
}
try {
  JSON.stringify({toJSON() { throw new Error('toJSON'); }});
} catch (e) {
  console.log(e.message);
}
try {
  `${{
    toString() { throw new Error('toString'); }
  }
  }`;
} catch (e) {
  console.log(e.message);
}
try {
  eval_;
} catch (e) {
  console.log(e.constructor.name, e.message);
} finally {
  console.log('done');
}

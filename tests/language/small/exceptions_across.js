const steps = [];
function a() {
  steps.push('a');
  try {
    b();
  } finally {
    steps.push('a finally');
  }
}
function b() {
  [1].forEach(() => {
    steps.push('callback');
    c();
  });
}
function c() {
  new Map([[1, 1]]).forEach(() => {
    JSON.parse('[1]', () => {
      throw new Error('from reviver');
    });
  });
}
try {
  a();
} catch (e) {
  steps.push(e.message);
}
console.log(steps);
function* g() {
  try {
    yield 1;
  } catch (e) {
    console.log('in generator', e.message);
    throw new TypeError('second');
  }
}
const it = g();
it.next();
try {
  it.throw(new Error('first'));
} catch (e) {
  console.log(e.name, e.message, it.next());
}
const r = [1, 2, 3, 4].map((x) => {
  try {
    if (x % 2) throw x;
    return 'even';
  } catch (v) {
    return 'odd' + v;
  } finally {
    steps.length = 0;
  }
});
console.log(r, steps);
class E2 extends Error {
  constructor(m, code) {
    super(m);
    this.code = code;
  }
  get name() { return 'E2'; }
}
try {
  try {
    throw new E2('x', 5);
  } catch (e) {
    if (e.code !== 5) throw e;
    throw new Error('wrapped', {cause: e});
  }
} catch (e) {
  console.log(e.message, String(e.cause), e.cause.code, e.cause instanceof E2);
}
const getter = {
  get boom() { throw new RangeError('getter'); }
};
try {
  getter.boom;
} catch (e) {
  console.log(e.name);
}
try {
  const {boom} = getter;
} catch (e) {
  console.log(e.message);
}
try {
  ({...getter});
} catch (e) {
  console.log(e.message);
}
try {
  Object.assign({}, getter);
} catch (e) {
  console.log(e.message);
}
try {
  [3, 1].sort(() => {
    throw 'cmp';
  });
} catch (e) {
  console.log(e);
}
try {
  `${{
    toString() { throw 'ts'; }
  }
  }`;
} catch (e) {
  console.log(e);
}
try {
  new (class {
    constructor() { throw 'ctor'; }
  })();
} catch (e) {
  console.log(e);
}
try {
  class X {
    static f = (() => {
      throw 'static';
    })();
  }
} catch (e) {
  console.log(e);
}
try {
  ((a = (() => {
      throw 'default';
    })()) => a)();
} catch (e) {
  console.log(e);
}
try {
  for (const x of (function*() {
         yield 1;
         throw 'gen';
       })())
    console.log(x);
} catch (e) {
  console.log(e);
}

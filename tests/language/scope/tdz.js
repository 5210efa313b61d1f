// Reading, writing and typeof before the declaration ran.
function attempt(name, f) {
  try {
    console.log(name, f());
  } catch (error) {
    console.log(name, error.name + ': ' + error.message);
  }
}
attempt('read', () => {
  const r = x;
  let x = 1;
  return r;
});
attempt('write', () => {
  x = 2;
  let x = 1;
  return x;
});
attempt('typeof', () => {
  const t = typeof x;
  let x;
  return t;
});
attempt('typeof of nothing', () => typeof neverDeclared);
attempt('class', () => {
  new K();
  class K {}
});
attempt('closure before', () => {
  const f = () => later;
  const r = f();
  const later = 3;
  return r;
});
attempt('closure after', () => {
  const f = () => later;
  const later = 3;
  return f();
});
attempt('parameter default', () => ((a = b, b = 1) => a)());
attempt('parameter default, given', () => ((a = b, b = 1) => a + b)(5));
attempt('own initialiser', () => {
  let y = y + 1;
  return y;
});
attempt('for-of head', () => {
  let list = [1];
  for (const list of list) return list;
});
attempt('switch', () => {
  switch (1) {
    case 0:
      let z = 1;
    case 1:
      return z;
  }
});
attempt('const assignment', () => {
  const c = 1;
  c = 2;
});
attempt('const assignment in closure', () => {
  const c = 1;
  const set = () => c++;
  set();
});
attempt('const for', () => {
  for (const i = 0; i < 2; i++);
});
attempt('class name inside', () => {
  class A {
    static rename() {
      A = 1;
    }
  }
  A.rename();
});
attempt('shadowed', () => {
  let s = 1;
  {
    const inner = () => s;
    try {
      inner();
    } catch (e) {
      return e.message;
    }
    let s = 2;
  }
});
attempt('this before super', () => {
  class A {}
  class B extends A {
    constructor() {
      this.x = 1;
      super();
    }
  }
  new B();
});
attempt('super twice', () => {
  class A {}
  class B extends A {
    constructor() {
      super();
      super();
    }
  }
  new B();
});
attempt('undeclared', () => undeclared);
attempt('undeclared call', () => undeclared());
attempt('undeclared sloppy assignment', () => {
  sloppyGlobal = 4;
  return sloppyGlobal + globalThis.sloppyGlobal;
});
attempt('undeclared strict assignment', () => {
  'use strict';
  strictGlobal = 4;
});

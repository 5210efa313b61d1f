console.log(typeof hoisted, hoisted(), typeof notYet, notYet);
function hoisted() {
  return 'early';
}
var notYet = 1;
console.log(notYet);

// The last function declaration wins, and a var of the same name keeps it.
function twice() { return 1; }
console.log(twice());
function twice() { return 2; }
var twice;
console.log(typeof twice, twice());

// A var in a block belongs to the function.
(function () {
  if (true) {
    var inside = 'visible';
    let block = 'hidden';
  }
  console.log(inside, typeof block);
})();

// Functions in blocks, sloppy: visible in the function after the block ran.
(function () {
  console.log(typeof blockFunction);
  {
    console.log(typeof blockFunction);
    function blockFunction() {}
  }
  console.log(typeof blockFunction);
})();
(function () {
  'use strict';
  {
    function strictBlock() {}
    console.log(typeof strictBlock);
  }
  console.log(typeof strictBlock);
})();

// Named function expressions see their own name, which cannot be changed.
const fact = function f(n) {
  return n < 2 ? 1 : n * f(n - 1);
};
console.log(fact(5), typeof f);
const stubborn = function g() {
  g = 1;
  return typeof g;
};
console.log(stubborn());
const strictStubborn = function g() {
  'use strict';
  try {
    g = 1;
  } catch (e) {
    return e.message;
  }
};
console.log(strictStubborn());

// Parameters, vars and functions of one name.
(function (a) {
  var a;
  console.log(a);
})(7);
(function (a) {
  console.log(typeof a);
  function a() {}
})(7);
(function (a = () => b, b = 2) {
  var b = 3;
  console.log(a(), b);
})();

// catch parameters shadow; var with the same name reaches out.
var e = 'outer';
try {
  throw 'inner';
} catch (e) {
  var e = 'assigned';
  console.log(e);
}
console.log(e);

console.log(typeof module, typeof exports, typeof require, typeof __filename, typeof __dirname);
console.log(this === module.exports, (function () { return this === globalThis; })());
console.log((function () { 'use strict'; return this; })());

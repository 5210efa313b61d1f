var a = 1;
let b = 2;
const c = 3;
{
  let b = 20;
  const c = 30;
  var a = 10;
  console.log(a, b, c);
}
console.log(a, b, c);
console.log(typeof hoisted, hoisted);
var hoisted = 'now';
console.log(f());
function f() { return 'function is hoisted'; }
try { tdz; let tdz = 1; } catch (e) { console.log(e.name + ': ' + e.message); }
try { c = 4; } catch (e) { console.log(e.name + ': ' + e.message); }
try { missing; } catch (e) { console.log(e.name + ': ' + e.message); }
console.log(typeof missing);
let x = 1, y = x + 1, z;
console.log(x, y, z);
{ function inner() { return 'block function'; } console.log(inner()); }
var { length } = 'four';
console.log(length);
for (var i = 0; i < 3; i++) {}
console.log(i);
(function() { 'use strict'; try { undeclared = 1; } catch (e) { console.log(e.message); } })();
(function() { sloppy = 5; })();
console.log(sloppy, delete globalThis.sloppy, typeof sloppy);

console.log("before");
function f() {
  throw new TypeError("uncaught here");
}
f();
console.log("never");

function f() {
  f();
}
f();

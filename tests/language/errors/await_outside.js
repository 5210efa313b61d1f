function f() { await x; }

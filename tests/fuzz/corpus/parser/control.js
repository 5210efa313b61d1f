outer: for (let i = 0, j; i < 9; i++) { for (const k of [1, 2]) { try { if (k) continue outer; break; } catch ({e = 1}) { throw e } finally { return } } }
switch (x) { case 1: let a; case 2: default: do { a-- } while (a) } for (var p in q) if (p) ; else l: { break l }

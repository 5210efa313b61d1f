#!/usr/bin/env node
'use strict'; [0x1F, 0b1, 0o7, 1_000.5e-3, .5, 'a\x41\u{1F600}\
', `t${1}u${`v`}`, String.raw`\u{`, /[/]\/(?<n>x)/giu, null, {__proto__: null, 'a': 1, 2: 3, get b() { return 1 }, async *c() {}}]; // é

const {a, b: [c = 1, ...d], ['e']: f, ...g} = h; [a.b, c[0], ...{length}] = (x, y); ({a = 1, ...b.c} = d);
function k({a} = {}, [b] = [], ...c) { return ({a, b}, c = 2) => a?.b?.[c]?.(...c) ?? ((a || b) && c ** 2) }

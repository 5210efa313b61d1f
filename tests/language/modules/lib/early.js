exports.x = 1; if (exports.x) return; exports.x = 2;

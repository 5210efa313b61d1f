globalThis.evaluations = (globalThis.evaluations || 0) + 1;
let count = 0;
exports.bump = () => (exports.count = ++count);
exports.count = 0;

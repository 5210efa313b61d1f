exports.early = 'a early';
const b = require('./cycle_b');
exports.sawB = b.name;
exports.late = 'a late';

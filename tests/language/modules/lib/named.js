function named(x) { return x + 1; } function named2() {} var leaked = 1; module.exports = { named };

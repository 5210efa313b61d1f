const a = 1;
const big = 123n;
console.log(big);

let x = (1, 2, 3);
for (var i = 0, j = 10; i < j; i++, j--)
  ;
console.log(x, i, j, void 'anything', (() => {})(), (x++, x));
const f = (a) => (console.log('f', a), a + 1);
console.log(f(f(1)), [(1, 2), 3], {k: (4, 5)});
if ((console.log('side'), false))
  console.log('never');
else
  console.log('else');
var v = 1;
{ var v = 2; }
console.log(v);
a: {b: {break a;} console.log('never');} console.log(
    typeof typeof 1, !!'', !!'0', -'3', +true, ~~3.7, - -1, typeof void 0);

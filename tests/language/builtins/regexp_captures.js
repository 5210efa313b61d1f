const show = (re, s) => console.log(String(re), JSON.stringify(s), (() => { const m = re.exec(s); return m && [m.index, ...m]; })());
show(/(a*)*/, 'b'); show(/(?:(a)|(b)|c)*/, 'abcb'); show(/(z)((a+)?(b+)?(c))*/, 'zaacbbbcac');
show(/(?<=(\d+)(\d+))$/, '1053'); show(/(?<=\$\d+\.)\d+/, 'cost $10.53 x'); show(/(?<!a+)b/, 'aab b');
show(/((a)|b)+\2/, 'aba'); show(/(?:|a)*b/, 'aab'); show(/(?:|a)*/, 'aab'); show(/(a*)?/, 'b'); show(/(a\1)b/, 'aab');
show(/(?=(a+))a*b\1/, 'baaabac'); show(/(.*?)a(?!(a+)b\2c)\2(.*)/, 'baaabaac'); show(/(?:(?=(a))){2}a/, 'aa');
show(/(?=a){0,3}a/, 'aa'); show(/é+/i, 'xÉÉ'); show(/ß/i, 'ẞ'); show(/ẞ/iu, 'ß'); show(/[^é]x/i, 'Éxyx');
show(/(\w+)\s(?:(\d)?x)*/u, 'ab 1xx'); show(/(?:(😀)|x)*/u, '😀x'); show(/(?<=(😀|b)+)c/u, 'b😀c'); show(/(?:(\p{Lu})|\p{Ll})+/u, 'ABc');
show(/^(?:(\d+)|(\w+)|[,;])*$/, '12,ab;c'); show(/(?:(x)?){3}y/, 'xy'); show(/(?:a|(b)){2,3}?c/, 'abac'); show(/(?:a|(b))??c/, 'bc');
show(/((?:a|b)(c)?)+/g, 'acb'); show(/(?<year>\d{4})|(?<m>x)+?/, '2020'); show(/(a{0,2})*?b/, 'aaab'); show(/(?<=^|,)[^,]*/g,'a,b');
show(/(?<=([ab]+)([bc]+))$/, 'abc'); show(/(?<=\1(a))b/, 'aab'); show(/(?<=(?:^|(x))y*)z/, 'xyyz');
console.log('aBc-dEf'.replace(/(?:^|-)(\w)|(\w)/g, (m, a, b) => a ? a.toUpperCase() : String(b)));
console.log('2020-01-02T03:04:05.006Z'.match(/^(\d+)-(\d+)(?:-(\d+))?(?:T(\d+):(\d+)(?::(\d+)(?:\.(\d+))?)?(Z|[+-]\d+)?)?$/));
console.log([...'k=v;k2;k3=v3'.matchAll(/(\w+)(?:=(\w*))?;?/g)].map(m => [...m]));
console.log('x'.repeat(5).replace(/(?:(x)|y)*?/g, '[$1]'));
const big = 'ab'.repeat(200000); console.log(/^(?:(a)|(b))*$/.exec(big).slice(1));
for (const f of ['', 'u', 'i', 'iu']) for (const s of ['ſ', 'K', 'k', 'S', 'ǅ', 'Ω', 'Ω', 'ς', 'µ', 'ÿ', 'ı', 'İ'])
  console.log(f, s, [/\w/, /\W/, /[^\w]/, /k/, /s/, /[k-s]/, /ǆ/, /ω/, /σ/, /μ/, /Ÿ/, /i/, /[^x]/, /[à-ÿ]/].map(r => +new RegExp(r.source, f).test(s)).join(''));

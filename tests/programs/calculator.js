// A tokenizer, a recursive-descent parser, an evaluator and a symbolic differentiator.
class ParseError extends Error {
  constructor(message, at) {
    super(`${message} at ${at}`);
    this.name = 'ParseError';
    this.at = at;
  }
}

const token = /\s*(?:(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<name>[a-z_]\w*)|(?<op>\*\*|[-+*/%^(),=!]))/iy;

function* tokens(text) {
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) {
      if (/^\s*$/.test(text.slice(at))) break;
      throw new ParseError(`unexpected ${JSON.stringify(text.slice(at).trim()[0])}`, at);
    }
    const {number, name, op} = match.groups;
    yield number !== undefined ? {kind: 'number', value: Number(number), at} :
        name !== undefined     ? {kind: 'name', value: name, at} :
                                 {kind: 'op', value: op, at};
  }
  yield {kind: 'end', value: 'end of input', at: text.length};
}

class Parser {
  constructor(text) {
    this.tokens = [...tokens(text)];
    this.index = 0;
  }
  get peek() { return this.tokens[this.index]; }
  accept(...ops) {
    if (this.peek.kind === 'op' && ops.includes(this.peek.value)) return this.tokens[this.index++].value;
  }
  expect(op) {
    if (!this.accept(op)) throw new ParseError(`expected ${op}, found ${this.peek.value}`, this.peek.at);
  }
  parse() {
    const tree = this.statement();
    if (this.peek.kind !== 'end') throw new ParseError(`unexpected ${this.peek.value}`, this.peek.at);
    return tree;
  }
  statement() {
    if (this.peek.kind === 'name' && this.tokens[this.index + 1].value === '=') {
      const name = this.peek.value;
      this.index += 2;
      return {type: 'assign', name, value: this.statement()};
    }
    return this.sum();
  }
  binary(next, ...ops) {
    let left = next.call(this), op;
    while ((op = this.accept(...ops))) left = {type: 'binary', op, left, right: next.call(this)};
    return left;
  }
  sum() { return this.binary(this.product, '+', '-'); }
  product() { return this.binary(this.unary, '*', '/', '%'); }
  unary() {
    if (this.accept('-')) return {type: 'negate', value: this.unary()};
    return this.power();
  }
  power() {
    const base = this.postfix();
    return this.accept('^', '**') ? {type: 'binary', op: '^', left: base, right: this.unary()} : base;
  }
  postfix() {
    let value = this.primary();
    while (this.accept('!')) value = {type: 'call', name: 'factorial', args: [value]};
    return value;
  }
  primary() {
    const {kind, value, at} = this.peek;
    if (kind === 'number') return this.index++, {type: 'number', value};
    if (kind === 'name') {
      this.index++;
      if (!this.accept('(')) return {type: 'variable', name: value};
      const args = [];
      if (!this.accept(')')) {
        do args.push(this.sum());
        while (this.accept(','));
        this.expect(')');
      }
      return {type: 'call', name: value, args};
    }
    if (this.accept('(')) {
      const inner = this.sum();
      this.expect(')');
      return inner;
    }
    throw new ParseError(`unexpected ${value}`, at);
  }
}

const functions = {
  sqrt: Math.sqrt,
  max: Math.max,
  min: Math.min,
  abs: Math.abs,
  sin: Math.sin,
  factorial: (n) => (n < 2 ? 1 : n * functions.factorial(n - 1)),
  hypot: Math.hypot,
  round: (x, digits = 0) => Number(x.toFixed(digits))
};
const operators = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': Math.pow
};

const evaluate = (tree, env) => {
  switch (tree.type) {
    case 'number':
      return tree.value;
    case 'variable':
      if (!(tree.name in env)) throw new ReferenceError(`unknown variable ${tree.name}`);
      return env[tree.name];
    case 'negate':
      return -evaluate(tree.value, env);
    case 'binary':
      return operators[tree.op](evaluate(tree.left, env), evaluate(tree.right, env));
    case 'assign':
      return (env[tree.name] = evaluate(tree.value, env));
    case 'call': {
      const f = functions[tree.name];
      if (!f) throw new ReferenceError(`unknown function ${tree.name}`);
      return f(...tree.args.map((a) => evaluate(a, env)));
    }
  }
};

const n = (value) => ({type: 'number', value}), b = (op, left, right) => ({type: 'binary', op, left, right});
function derive(t, x) {
  if (t.type === 'number') return n(0);
  if (t.type === 'variable') return n(t.name === x ? 1 : 0);
  if (t.type === 'negate') return {type: 'negate', value: derive(t.value, x)};
  const {op, left, right} = t, dl = derive(left, x), dr = derive(right, x);
  if (op === '+' || op === '-') return b(op, dl, dr);
  if (op === '*') return b('+', b('*', dl, right), b('*', left, dr));
  if (op === '/') return b('/', b('-', b('*', dl, right), b('*', left, dr)), b('^', right, n(2)));
  return b('*', b('*', right, b('^', left, b('-', right, n(1)))), dl);
}
function simplify(t) {
  if (t.type !== 'binary') return t;
  const left = simplify(t.left),
        right = simplify(t.right), is = (s, v) => s.type === 'number' && s.value === v;
  if (left.type === 'number' && right.type === 'number') return n(operators[t.op](left.value, right.value));
  if (t.op === '*') {
    if (is(left, 0) || is(right, 0)) return n(0);
    if (is(left, 1)) return right;
    if (is(right, 1)) return left;
  }
  if (t.op === '+') {
    if (is(left, 0)) return right;
    if (is(right, 0)) return left;
  }
  if ((t.op === '^' || t.op === '/') && is(right, 1)) return left;
  return b(t.op, left, right);
}
const show = (t) =>
    (t.type === 'binary' ? `(${show(t.left)} ${t.op} ${show(t.right)})` :
         t.type === 'negate' ? `-${show(t.value)}` :
                               String(t.value ?? t.name));

const env = {
  pi: Math.PI
};
for (const line
         of ['1 + 2 * 3', '(1 + 2) * 3', '2 ^ 3 ^ 2', '-2 ^ 2', 'x = y = 4', 'x * y - 10 / 4 % 2',
             'max(1, x, min(9, 2))', '5! / 3!', 'sqrt(hypot(3,4) + 11)', 'round(pi, 4)', '1.5e3 + .5', '2 +',
             '(1', '1 2', 'f(1)', 'z + 1', '3 $ 4', 'max()', '']) {
  try {
    console.log(line.padEnd(24), '=', evaluate(new Parser(line).parse(), env));
  } catch (e) {
    console.log(line.padEnd(24), '!', `${e.name}: ${e.message}`, e.at ?? '');
  }
}
console.log(new Parser('a * (b + 1)').parse(), env);
for (const f of ['x ^ 3', '3 * x ^ 2 + 2 * x + 1', 'x / (x + 1)', '(x + 1) * (x - 1)']) {
  const d = simplify(derive(new Parser(f).parse(), 'x'));
  console.log(`d/dx ${f} = ${show(d)}; at 2: ${evaluate(d, {x: 2})}`);
}
const program = new Parser('(x ^ 2 + 3 * x - 1) / (x + 1) + abs(-x)').parse();
let total = 0;
for (let x = 0; x < 3000; x++) total += evaluate(program, {x});
console.log(total.toFixed(3));

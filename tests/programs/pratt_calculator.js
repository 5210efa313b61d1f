// Tokenizer, Pratt parser, evaluator, and errors that point at the place.
const TOKEN = /\s*(?:(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<name>[a-z_]\w*)|(?<op>\*\*|[-+*\/%^(),=<>!?:]))/iy;

class SyntaxProblem extends SyntaxError {
  constructor(message, source, index) {
    super(`${message}\n  ${source}\n  ${' '.repeat(index)}^`);
    this.index = index;
  }
  get name() { return 'SyntaxProblem'; }
}

function* tokenize(source) {
  TOKEN.lastIndex = 0;
  let end = 0;
  while (end < source.trimEnd().length) {
    const match = TOKEN.exec(source);
    if (!match) throw new SyntaxProblem(`unexpected ${JSON.stringify(source[end])}`, source, end);
    const { number, name, op } = match.groups;
    const index = TOKEN.lastIndex - (number ?? name ?? op).length;
    yield number !== undefined ? { type: 'number', value: +number, index } : { type: name ? 'name' : 'op', value: name ?? op, index };
    end = TOKEN.lastIndex;
  }
  yield { type: 'end', value: '', index: end };
}

const BINARY = new Map([['=', 1], ['?', 2], ['<', 4], ['>', 4], ['+', 5], ['-', 5], ['*', 6], ['/', 6], ['%', 6], ['**', 8]]);
const RIGHT = new Set(['**', '=', '?']);

class Parser {
  constructor(source) {
    this.source = source;
    this.tokens = tokenize(source);
    this.advance();
  }
  advance() { const before = this.token; this.token = this.tokens.next().value; return before; }
  fail(message) { throw new SyntaxProblem(message, this.source, this.token.index); }
  expect(value) { return this.token.value === value ? this.advance() : this.fail(`expected '${value}'`); }
  parse() {
    const tree = this.expression(0);
    if (this.token.type !== 'end') this.fail(`unexpected '${this.token.value}'`);
    return tree;
  }
  expression(minimum) {
    let left = this.prefix();
    for (let power; (power = BINARY.get(this.token.value)) !== undefined && power > minimum;) {
      const { value: op } = this.advance();
      if (op === '?') {
        const then = this.expression(0);
        this.expect(':');
        left = { kind: 'if', test: left, then, otherwise: this.expression(power - 1) };
        continue;
      }
      const right = this.expression(RIGHT.has(op) ? power - 1 : power);
      if (op === '=' && left.kind !== 'name') this.fail('cannot assign to that');
      left = { kind: op === '=' ? 'assign' : 'binary', op, left, right };
    }
    return left;
  }
  prefix() {
    const token = this.advance();
    switch (token.type) {
      case 'number': return { kind: 'number', value: token.value };
      case 'name': {
        if (this.token.value !== '(') return { kind: 'name', name: token.value };
        this.advance();
        const args = [];
        while (this.token.value !== ')') {
          args.push(this.expression(0));
          if (this.token.value !== ')') this.expect(',');
        }
        this.advance();
        return { kind: 'call', name: token.value, args };
      }
      case 'op':
        if (token.value === '-') return { kind: 'unary', op: '-', operand: this.expression(7) };
        if (token.value === '(') { const inner = this.expression(0); this.expect(')'); return inner; }
      // falls through
      default:
        this.token = token;
        return this.fail(token.type === 'end' ? 'unexpected end' : `unexpected '${token.value}'`);
    }
  }
}

const OPERATIONS = {
  '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => a / b,
  '%': (a, b) => a % b, '**': (a, b) => a ** b, '<': (a, b) => +(a < b), '>': (a, b) => +(a > b),
};
const visitors = {
  number: ({ value }) => value,
  name: ({ name }, scope) => name in scope ? scope[name] : (() => { throw new ReferenceError(`unknown name ${name}`); })(),
  unary: ({ operand }, scope) => -evaluate(operand, scope),
  binary: ({ op, left, right }, scope) => OPERATIONS[op](evaluate(left, scope), evaluate(right, scope)),
  assign: ({ left: { name }, right }, scope) => scope[name] = evaluate(right, scope),
  if: ({ test, then, otherwise }, scope) => evaluate(evaluate(test, scope) ? then : otherwise, scope),
  call: ({ name, args }, scope) => scope[name](...args.map((arg) => evaluate(arg, scope))),
};
function evaluate(node, scope) { return visitors[node.kind](node, scope); }

const scope = Object.assign(Object.create({ pi: Math.PI, max: Math.max, sqrt: Math.sqrt, hypot: Math.hypot }), { x: 3 });
for (const source of ['1 + 2 * 3', '(1 + 2) * 3', '-2 ** 2', '2 ** 3 ** 2', 'x = y = 4', 'x * y', 'hypot(3, 4) + max(1, x, 2)',
  '10 % 4 - 7 / 2', '1 < 2 ? x > 3 ? 10 : 20 : 30', 'sqrt(2) * pi', '1e3 / 3', '.5', '1 +', '1 2', '(1', 'f(1)', 'nope + 1', '3 = 4',
  '2 $ 3', 'max(1,', '']) {
  try {
    const tree = new Parser(source).parse();
    console.log(source.padEnd(28), '=', evaluate(tree, scope));
  } catch (error) {
    console.log(`${source.padEnd(28)} ! ${error}`, error instanceof SyntaxError, error.index);
  }
}
console.log(scope, Object.keys(scope));
console.dir(new Parser('f(1, -x) ? a : b ** 2').parse(), { depth: 2 });
console.log(JSON.stringify(new Parser('a = 1 + b').parse()));

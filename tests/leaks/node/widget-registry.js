// culprit: instances\b
// kind: forgotten cache/collection
// accumulates: Widget|Chart|Table|Object
//
// A base class registers every instance in a static list, "for the debug panel".
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(28);

class Widget {
  static instances = [];
  static created = 0;

  constructor(title) {
    this.title = title;
    this.id = `${this.constructor.name.toLowerCase()}-${++Widget.created}`;
    this.children = [];
    this.props = { visible: true, theme: traffic.pick(['light', 'dark']) };
    Widget.instances.push(this);
  }

  add(...children) {
    this.children.push(...children);
    return this;
  }

  render() {
    return `<div id="${this.id}">${this.title}${this.children.map((c) => c.render()).join('')}</div>`;
  }
}

class Chart extends Widget {
  constructor(title, points) {
    super(title);
    this.points = points;
  }

  render() {
    const path = this.points.map(([x, y]) => `${x},${y}`).join(' ');
    return `<svg id="${this.id}"><polyline points="${path}"/></svg>`;
  }
}

class Table extends Widget {
  constructor(title, cells) {
    super(title);
    this.cells = cells;
  }

  render() {
    return `<table>${this.cells.map((c) => `<td>${c}</td>`).join('')}</table>`;
  }
}

const themes = new Map();

function dashboard(user) {
  const page = new Widget(`Dashboard of ${user.name}`);
  page.add(
    new Chart('load', Array.from({ length: 10 }, (_, x) => [x, traffic.int(100)])),
    new Table('orders', traffic.text(8).split(' ')),
  );
  const theme = page.props.theme;
  if (!themes.has(theme)) themes.set(theme, { name: theme, css: traffic.text(200) });
  return page.render();
}

let bytes = 0;
rounds(30, () => {
  for (let i = 0; i < 140; i++) bytes += dashboard(traffic.user(800)).length;
}).then(() => console.log(bytes > 0, Widget.created, Widget.instances.length));

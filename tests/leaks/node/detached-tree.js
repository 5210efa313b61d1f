// culprit: byId\b
// kind: forgotten cache/collection
// accumulates: Element|TreeNode|Object
//
// A document tree for server-side rendering. Subtrees are removed from their parents, but an
// element that has an id stays in the document's index, and keeps its whole detached tree.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(29);

class Element {
  constructor(owner, tag) {
    this.owner = owner;
    this.tag = tag;
    this.parent = null;
    this.children = [];
    this.attributes = {};
    this.text = '';
  }

  set(name, value) {
    this.attributes[name] = value;
    if (name === 'id') this.owner.byId.set(value, this);
    return this;
  }

  append(child) {
    child.parent = this;
    this.children.push(child);
    return child;
  }

  remove() {
    const siblings = this.parent.children;
    siblings.splice(siblings.indexOf(this), 1);
    this.parent = null;
  }

  serialise() {
    const attributes = Object.entries(this.attributes).map(([k, v]) => ` ${k}="${v}"`).join('');
    const inner = this.text + this.children.map((c) => c.serialise()).join('');
    return `<${this.tag}${attributes}>${inner}</${this.tag}>`;
  }
}

class Document {
  constructor() {
    this.byId = new Map();
    this.body = new Element(this, 'body');
  }

  create(tag, id) {
    const element = new Element(this, tag);
    return id ? element.set('id', id) : element;
  }
}

const page = new Document();
let serial = 0;

function showDialog() {
  const dialog = page.body.append(page.create('dialog', `dialog-${++serial}`));
  const list = dialog.append(page.create('ul'));
  for (let i = 0; i < 12; i++) {
    const item = list.append(page.create('li'));
    item.set('class', i % 2 ? 'odd' : 'even').text = traffic.text(4);
  }
  return dialog;
}

let rendered = 0;
rounds(30, () => {
  for (let i = 0; i < 20; i++) {
    const dialog = showDialog();
    rendered += page.body.serialise().length;
    dialog.remove();
  }
}).then(() => console.log(rendered > 0, page.body.children.length, page.byId.size));

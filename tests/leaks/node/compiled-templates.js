// culprit: compiled\b
// kind: forgotten cache/collection|closure|listener
//
// Regular expressions and templates are compiled once per source text. The sources have ids of
// users in them, so nearly every one is new.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(40);

const compiled = new Map();

function compile(source) {
  let entry = compiled.get(source);
  if (entry) return entry;
  const parts = source.split(/\{\{(\w+)\}\}/);
  const literals = parts.filter((_, i) => i % 2 === 0);
  const names = parts.filter((_, i) => i % 2 === 1);
  const pattern = literals.map((l) => l.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+?)');
  entry = {
    fill: (values) => literals.reduce((out, literal, i) => out + String(values[names[i - 1]]) + literal),
    match: new RegExp(`^${pattern}$`),
    names,
  };
  compiled.set(source, entry);
  return entry;
}

function escapeHtml(text) {
  return text.replace(/[<>&]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function greet(user) {
  // The user's name belongs among the values; here it is part of the source.
  const source = `Dear ${user.name} (${user.id}), your {{thing}} of {{day}} is {{state}}.`;
  const template = compile(source);
  const text = template.fill({
    thing: traffic.word(),
    day: traffic.int(28) + 1,
    state: traffic.pick(['sent', 'paid', 'open']),
  });
  return template.match.test(text) ? escapeHtml(text) : '';
}

let mailed = 0;
rounds(30, () => {
  for (let i = 0; i < 40; i++) mailed += greet(traffic.user(40000)).length > 0 ? 1 : 0;
}).then(() => console.log(`${mailed} mails`));

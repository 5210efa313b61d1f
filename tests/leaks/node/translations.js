// culprit: rendered\b
// kind: forgotten cache/collection
//
// Message formatting. Parsed templates are few; finished texts are kept by their arguments, in an
// object that serves as a dictionary.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(12);

const LOCALES = ['de', 'en', 'es', 'fr', 'it', 'nl', 'pl', 'pt'];

const catalogue = Object.create(null);
const rendered = Object.create(null);

function template(locale, key) {
  const id = `${locale}/${key}`;
  if (!catalogue[id]) {
    const source = `${key}: {name} has {count} ${traffic.text(6)}`;
    catalogue[id] = source.split(/(\{[a-z]+\})/).map((part) =>
      (part[0] === '{' ? { argument: part.slice(1, -1) } : { literal: part }));
  }
  return catalogue[id];
}

function format(locale, key, values) {
  const id = `${locale}/${key}/${values.name}/${values.count}`;
  if (id in rendered) return rendered[id].text;
  const text = template(locale, key)
    .map((part) => (part.argument ? String(values[part.argument]) : part.literal))
    .join('');
  rendered[id] = { text, locale, uses: 1, values };
  return text;
}

const keys = Array.from({ length: 40 }, (_, i) => `${traffic.word()}.${traffic.word()}.${i}`);

function notify(user) {
  const locale = LOCALES[user.id % LOCALES.length];
  return format(locale, keys[user.id % keys.length], {
    name: user.name,
    count: traffic.int(1000),
  });
}

let characters = 0;
rounds(24, () => {
  for (let i = 0; i < 250; i++) characters += notify(traffic.user(10000)).length;
}).then(() => console.log(`${characters} characters sent`));

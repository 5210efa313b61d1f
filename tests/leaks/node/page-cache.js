// culprit: pagesByUrl
// kind: forgotten cache/collection
// accumulates: Page|Object
//
// A page server. Fragments live in a cache with a limit; whole pages were meant to.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(11);

const FRAGMENT_LIMIT = 300;

class Page {
  constructor(url, status, body) {
    this.url = url;
    this.status = status;
    this.body = body;
    this.etag = `"${body.length.toString(16)}-${url.length}"`;
    this.headers = { 'content-type': 'text/html', 'cache-control': 'max-age=60', etag: this.etag };
  }
}

const pagesByUrl = new Map();
const fragments = new Map();
const counters = { hit: 0, miss: 0, evicted: 0 };

function fragment(name) {
  const known = fragments.get(name);
  if (known !== undefined) {
    fragments.delete(name);
    fragments.set(name, known);
    return known;
  }
  const html = `<section id="${name}">${traffic.text(20)}</section>`;
  fragments.set(name, html);
  if (fragments.size > FRAGMENT_LIMIT) {
    fragments.delete(fragments.keys().next().value);
    counters.evicted++;
  }
  return html;
}

function render(url) {
  const parts = ['<!doctype html>', fragment('head'), fragment(`nav-${traffic.int(1200)}`)];
  parts.push(`<main>${traffic.text(60)}</main>`, fragment('foot'));
  return new Page(url, 200, parts.join('\n'));
}

function handle(request) {
  // The query string is part of the key, and no two visitors have the same one.
  const url = `${request.url}?visit=${traffic.int(1e9)}`;
  let page = pagesByUrl.get(url) || pagesByUrl.get(request.url);
  if (page) {
    counters.hit++;
  } else {
    counters.miss++;
    page = render(url);
    pagesByUrl.set(url, page);
  }
  return { status: page.status, length: page.body.length };
}

rounds(30, (round) => {
  for (let i = 0; i < 90; i++) handle(traffic.request());
  if (round === 29) console.log(`served, ${counters.miss} rendered, ${counters.hit} from cache`);
});

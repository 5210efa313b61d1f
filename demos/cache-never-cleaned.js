// A page server that remembers every page it ever rendered. Real visitors ask for endlessly many
// different URLs (search terms, tracking parameters), so the cache only grows.
//
//   heaplab run --record=cache.heaprec demos/cache-never-cleaned.js && heaplab leaks cache.heaprec
'use strict';

const pagesByUrl = new Map();
let hits = 0;
let seed = 42;

function random(limit) {
  seed = (seed * 16807) % 2147483647;
  return seed % limit;
}

function render(url) {
  const rows = [];
  for (let i = 0; i < 6; i++) {
    rows.push({ title: `Result ${i} of ${url}`, score: random(1000) / 10 });
  }
  return { url, rows, renderedAt: hits };
}

function handle(url) {
  let page = pagesByUrl.get(url);
  if (page) {
    hits++;
    return page;
  }
  page = render(url);
  pagesByUrl.set(url, page);
  return page;
}

// Half of the visitors come to the home pages, the others search for something new.
function nextUrl(request) {
  if (random(2) === 0) return `/home/${random(20)}`;
  return `/search?q=${request}&page=${random(5)}`;
}

const requestsPerTurn = 500;
const turns = 40;

function serve(turn) {
  let bytes = 0;
  for (let i = 0; i < requestsPerTurn; i++) {
    const body = JSON.stringify(handle(nextUrl(turn * requestsPerTurn + i)));
    bytes += body.length;
  }
  if (turn % 10 === 0) console.log(`turn ${turn}: ${pagesByUrl.size} pages in the cache`);
  if (turn < turns) setImmediate(serve, turn + 1);
  else console.log(`served ${turn * requestsPerTurn + requestsPerTurn} requests, ${hits} from the cache`);
}

serve(0);

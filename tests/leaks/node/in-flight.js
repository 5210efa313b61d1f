// culprit: inFlight\b
// kind: forgotten cache/collection|unneeded reference
//
// Middleware notes each request when it starts, and forgets it when it ends. A handler that throws
// ends differently.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(27);

function createTracker() {
  const inFlight = new Map();
  let finished = 0;
  return {
    begin(context) {
      inFlight.set(context.id, context);
    },
    end(context) {
      inFlight.delete(context.id);
      finished++;
    },
    report: () => ({ finished, open: inFlight.size }),
  };
}

const tracker = createTracker();

const middleware = [
  async function track(context, next) {
    tracker.begin(context);
    await next();
    tracker.end(context); // not reached when next() throws
  },
  async function parse(context, next) {
    context.body = JSON.parse(JSON.stringify({ words: traffic.text(40).split(' ') }));
    await next();
  },
  async function authorise(context, next) {
    if (context.request.method === 'DELETE') throw new TypeError('not allowed');
    await next();
  },
  async function answer(context) {
    const cached = cachedAnswer(context.request.url);
    context.response = { status: 200, length: (cached || context.body.words).length };
  },
];

function run(context, index = 0) {
  if (index === middleware.length) return Promise.resolve();
  return middleware[index](context, () => run(context, index + 1));
}

// Answers are cached as long as there is room; the room is used up by and by.
const answers = new Map();
function cachedAnswer(url) {
  if (!answers.has(url) && answers.size < 900) {
    answers.set(url, { url, paragraphs: Array.from({ length: 12 }, () => traffic.text(12)) });
  }
  return answers.get(url);
}

let nextId = 0;
const statuses = new Map();
async function serve(request) {
  const context = { id: ++nextId, request, startedAt: nextId * 3, body: null, response: null };
  try {
    await run(context);
  } catch (error) {
    context.response = { status: error instanceof TypeError ? 405 : 500, length: 0 };
  }
  const { status } = context.response;
  statuses.set(status, (statuses.get(status) || 0) + 1);
}

rounds(30, async () => {
  const batch = [];
  for (let i = 0; i < 60; i++) batch.push(serve(traffic.request()));
  await Promise.all(batch);
}).then(() => console.log(JSON.stringify(tracker.report()), statuses.get(405) > 0));

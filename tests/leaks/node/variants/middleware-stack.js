// culprit: stack\b
// kind: forgotten cache/collection|listener|closure
//
// An application with a stack of middleware. A plugin adds itself again whenever a tenant's
// settings are refreshed.
'use strict';
const rounds = require('../rounds');
const random = require('../traffic')(108);

function createApplication() {
  const app = (context) => app.run(context, 0);
  app.stack = [];
  app.settings = new Map();
  app.use = (path, handle) => {
    app.stack.push({ path, handle, name: handle.name || '<anonymous>' });
    return app;
  };
  app.run = (context, from) => {
    for (let i = from; i < app.stack.length; i++) {
      const layer = app.stack[i];
      if (!context.url.startsWith(layer.path)) continue;
      return layer.handle(context, () => app.run(context, i + 1));
    }
    return context;
  };
  return app;
}

const tenantPlugin = (tenant, settings) => {
  const allow = new Set(settings.words);
  return function tenantRules(context, next) {
    if (context.done || context.tenant !== tenant) return next();
    context.done = true;
    context.verdict = allow.has(context.word) ? 'known' : 'new';
    return next();
  };
};

const app = createApplication();
app.use('/', function clockIn(context, next) { context.steps = 1; return next(); });

function refresh(tenant) {
  const settings = { tenant, words: random.text(50).split(' '), quota: random.int(1000) };
  app.settings.set(tenant, settings);
  app.use(`/t${tenant}`, tenantPlugin(tenant, settings));
}

const verdicts = { known: 0, new: 0, none: 0 };
rounds(30, () => {
  for (let i = 0; i < 10; i++) refresh(random.int(25));
  for (let i = 0; i < 50; i++) {
    const tenant = random.int(25);
    const context = app({ url: `/t${tenant}/${random.word()}`, tenant, word: random.word(), verdict: 'none' });
    verdicts[context.verdict]++;
  }
}).then(() => console.log(JSON.stringify(verdicts), app.settings.size));

// culprit: (app|stack|layers)
// kind: listener|closure|forgotten cache/collection
//
// An express-like application. A tenant's routes are mounted when its request comes, every time.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(201);

class Layer {
  constructor(path, handle) {
    this.path = path;
    this.handle = handle;
    this.regexp = null;
  }
  match(url) {
    return this.path === '*' || url.startsWith(this.path);
  }
}

function createApplication() {
  const app = function (req, res) { app.handle(req, res); };
  app.stack = [];
  app.settings = { etag: 'weak', env: 'production' };
  app.use = function (path, handle) {
    if (typeof path === 'function') return app.use('*', path);
    app.stack.push(new Layer(path, handle));
    return app;
  };
  app.handle = function (req, res) {
    let index = app.stack.length > 60 ? app.stack.length - 60 : 0;
    const next = () => {
      while (index < app.stack.length) {
        const layer = app.stack[index++];
        if (layer.match(req.url)) return layer.handle(req, res, next);
      }
      res.status = 404;
    };
    next();
  };
  return app;
}

const app = createApplication();
const recent = [];

function mountTenant(tenant) {
  const options = { tenant, theme: traffic.word(), features: traffic.text(8).split(' ') };
  app.use(`/t/${tenant.name}`, (req, res, next) => {
    req.tenant = tenant;
    req.options = options;
    next();
  });
}

app.use((req, res, next) => { req.start = Date.now(); next(); });

rounds(24, () => {
  for (let i = 0; i < 60; i++) {
    const tenant = { name: traffic.word(), plan: traffic.word() };
    mountTenant(tenant);
    const req = { ...traffic.request(), url: `/t/${tenant.name}/orders` };
    const res = { status: 200 };
    app(req, res);
    recent.push({ url: req.url, status: res.status, theme: req.options.theme });
    if (recent.length > 100) recent.shift();
  }
});

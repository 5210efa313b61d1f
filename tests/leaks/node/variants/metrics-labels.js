// culprit: requests\b
// kind: forgotten cache/collection
//
// A metrics registry. One of its counters is labelled with the full path, ids included, so that its
// set of series has no bound. The other metrics have theirs.
'use strict';
const rounds = require('../rounds');
const random = require('../traffic')(107);

class Metric {
  constructor({ name, help, labelNames = [] }, registry) {
    Object.assign(this, { name, help, labelNames });
    this.hashMap = {};
    registry.register(this);
  }

  series(labels, initial) {
    const key = this.labelNames.map((n) => `${n}:${labels[n]}`).join(',');
    return this.hashMap[key] || (this.hashMap[key] = { labels: { ...labels }, ...initial() });
  }
}

class Counter extends Metric {
  inc(labels = {}, by = 1) {
    this.series(labels, () => ({ value: 0 })).value += by;
  }
}

class Histogram extends Metric {
  observe(labels, value) {
    const series = this.series(labels, () => ({ buckets: new Array(12).fill(0), sum: 0, count: 0 }));
    series.buckets[Math.min(11, Math.floor(Math.log2(value + 1)))]++;
    series.sum += value;
    series.count++;
  }
}

class Registry {
  constructor() { this.metrics = new Map(); }

  register(metric) { this.metrics.set(metric.name, metric); }

  * lines() {
    for (const metric of this.metrics.values()) {
      yield `# HELP ${metric.name} ${metric.help}`;
      for (const [key, series] of Object.entries(metric.hashMap)) yield `${metric.name}{${key}} ${series.value ?? series.sum}`;
    }
  }
}

const registry = new Registry();
const requests = new Counter({ name: 'http_requests_total', help: 'requests', labelNames: ['method', 'path', 'status'] }, registry);
const latency = new Histogram({ name: 'http_latency', help: 'ms', labelNames: ['method', 'zone'] }, registry);
const jobs = new Counter({ name: 'jobs_total', help: 'jobs', labelNames: ['queue'] }, registry);

let scraped = 0;
rounds(30, (round) => {
  for (let i = 0; i < 160; i++) {
    const { method, url } = random.request(20000);
    requests.inc({ method, path: url, status: random.pick([200, 200, 200, 304, 404]) });
    latency.observe({ method, zone: `z${random.int(24)}` }, random.int(2000));
    jobs.inc({ queue: `q${random.int(40)}` });
  }
  if (round % 6 === 0) for (const line of registry.lines()) scraped += line.length;
}).then(() => console.log(scraped > 0, registry.metrics.size));

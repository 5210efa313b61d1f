// SPDX-License-Identifier: MIT
// Loads a heap snapshot with Chrome DevTools' own code and writes down what it makes of it.
//
//   node load.mjs FOLDER FILE NODES
//
// FOLDER has node_modules with chrome-devtools-frontend and esbuild, and keeps the bundle that is
// made of them. NODES becomes a table, one row a node in file order: id, self size, retained size,
// distance, id of the dominator ("-": no table). Standard output gets DevTools' statistics and
// totals as one line of JSON.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';

// DevTools is written for browsers of its day; Node 20 lacks this one.
Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

const [folder, file, nodes] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(folder), 'x.js'));

// The package is TypeScript; it is bundled as a browser would get it.
async function devtools() {
  const worker = path.join(path.dirname(require.resolve('chrome-devtools-frontend/package.json')),
    'front_end/entrypoints/heap_snapshot_worker');
  const out = path.join(path.resolve(folder), 'heap_snapshot_worker.mjs');
  if (fs.existsSync(out)) return import(pathToFileURL(out));
  await require('esbuild').build({
    stdin: {
      contents: `export { HeapSnapshotLoader } from './HeapSnapshotLoader.ts';
                 export { SecondaryInitManager } from './HeapSnapshot.ts';`,
      resolveDir: worker,
      loader: 'ts',
    },
    bundle: true, format: 'esm', platform: 'node', outfile: `${out}.${process.pid}`, logLevel: 'error',
    plugins: [{
      name: 'typescript sources',
      setup(build) {
        // Made by DevTools' own build, and about languages only.
        build.onResolve({ filter: /\/locales\.js$/ }, () => ({ path: 'locales', namespace: 'made' }));
        build.onLoad({ filter: /./, namespace: 'made' }, () => ({
          contents: `export const LOCALES = ['en-US'], BUNDLED_LOCALES = LOCALES, DEFAULT_LOCALE = 'en-US',
                     LOCAL_FETCH_PATTERN = '', REMOTE_FETCH_PATTERN = '';`,
        }));
        build.onResolve({ filter: /^\..*\.js$/ }, ({ path: name, resolveDir }) => {
          const source = path.join(resolveDir, name.replace(/\.js$/, '.ts'));
          return fs.existsSync(source) ? { path: source } : undefined;
        });
      },
    }],
  });
  fs.renameSync(`${out}.${process.pid}`, out);
  return import(pathToFileURL(out));
}

async function load({ HeapSnapshotLoader, SecondaryInitManager }) {
  const loader = new HeapSnapshotLoader({ sendEvent() {} });
  const stream = fs.createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 });
  for await (const chunk of stream) loader.write(chunk);
  loader.close();
  const { port1, port2 } = new MessageChannel();
  new SecondaryInitManager(port2);
  const snapshot = await loader.buildSnapshot(port1);
  port1.close();
  port2.close();
  return snapshot;
}

function write_nodes(snapshot) {
  const out = fs.openSync(nodes, 'w');
  const node = snapshot.createNode(0);
  const stride = snapshot.nodeFieldCount;
  const id_of = (ordinal) => { node.nodeIndex = ordinal * stride; return node.id(); };
  let text = '';
  for (let ordinal = 0; ordinal < snapshot.nodeCount; ++ordinal) {
    const id = id_of(ordinal);
    const self = node.selfSize();
    text += `${id}\t${self}\t${snapshot.retainedSizes[ordinal]}\t${snapshot.nodeDistances[ordinal]}\t` +
      `${id_of(snapshot.dominatorsTree[ordinal])}\n`;
    if (text.length > 1 << 20) {
      fs.writeSync(out, text);
      text = '';
    }
  }
  fs.writeSync(out, text);
  fs.closeSync(out);
}

// The allocation view's rows by function; null without allocation traces.
function allocations(snapshot) {
  try {
    return snapshot.allocationTracesTops();
  } catch {
    return null;
  }
}

const snapshot = await load(await devtools());
if (nodes !== '-') write_nodes(snapshot);
console.log(JSON.stringify({
  nodes: snapshot.nodeCount,
  total: snapshot.totalSize,
  statistics: snapshot.getStatistics(),
  allocations: allocations(snapshot),
}));

// SPDX-License-Identifier: MIT
'use strict';
// path, as on POSIX systems.

function check(value, name) {
  if (typeof value === 'string') return;
  const shown = value === null || value === undefined ? String(value) :
    typeof value === 'object' ? 'an instance of ' + (value.constructor ? value.constructor.name : 'Object') :
      'type ' + typeof value + ' (' + require('internal:inspect').inspect(value) + ')';
  const error = new TypeError('The "' + name + '" argument must be of type string. Received ' + shown);
  error.code = 'ERR_INVALID_ARG_TYPE';
  throw error;
}

// Resolves "." and ".." and repeated slashes.
function normalize_parts(path, allow_above_root) {
  const out = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') {
      out.push(part);
    } else if (out.length > 0 && out[out.length - 1] !== '..') {
      out.pop();
    } else if (allow_above_root) {
      out.push('..');
    }
  }
  return out.join('/');
}

function normalize(path) {
  check(path, 'path');
  if (path === '') return '.';
  const absolute = path[0] === '/';
  const trailing = path[path.length - 1] === '/';
  let result = normalize_parts(path, !absolute);
  if (result === '') {
    if (absolute) return '/';
    return trailing ? './' : '.';
  }
  if (trailing) result += '/';
  return absolute ? '/' + result : result;
}

function join(...parts) {
  for (const part of parts) check(part, 'path');
  const joined = parts.filter((part) => part !== '').join('/');
  return joined === '' ? '.' : normalize(joined);
}

function resolve(...parts) {
  let path = '';
  for (let i = parts.length - 1; i >= 0 && path[0] !== '/'; i--) {
    check(parts[i], 'paths[' + i + ']');
    if (parts[i] !== '') path = path === '' ? parts[i] : parts[i] + '/' + path;
  }
  if (path[0] !== '/') path = process.cwd() + '/' + path;
  return '/' + normalize_parts(path, false);
}

function isAbsolute(path) {
  check(path, 'path');
  return path[0] === '/';
}

function strip_trailing(path) {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

function dirname(path) {
  check(path, 'path');
  if (path === '') return '.';
  const stripped = strip_trailing(path);
  const slash = stripped.lastIndexOf('/');
  if (slash === -1) return '.';
  if (slash === 0) return stripped.length > 1 && stripped[1] === '/' ? '//' : '/';
  return strip_trailing(stripped.slice(0, slash));
}

function basename(path, suffix) {
  check(path, 'path');
  if (suffix !== undefined) check(suffix, 'suffix');
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  const base = path.slice(path.lastIndexOf('/', end - 1) + 1, end);
  if (suffix !== undefined && base !== suffix && base.endsWith(suffix)) {
    return base.slice(0, base.length - suffix.length);
  }
  return base;
}

function extname(path) {
  check(path, 'path');
  const base = basename(path);
  const dot = base.lastIndexOf('.');
  if (dot <= 0 || base === '..') return '';
  return base.slice(dot);
}

function relative(from, to) {
  check(from, 'from');
  check(to, 'to');
  const a = resolve(from).split('/').filter(Boolean);
  const b = resolve(to).split('/').filter(Boolean);
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/');
}

function parse(path) {
  check(path, 'path');
  const root = path[0] === '/' ? '/' : '';
  const base = basename(path);
  const ext = extname(path);
  const stripped = strip_trailing(path);
  const slash = stripped.lastIndexOf('/');
  let dir = slash > 0 ? stripped.slice(0, slash) : '';
  if (slash === 0) dir = '/';
  return { root, dir, base, ext, name: ext ? base.slice(0, base.length - ext.length) : base };
}

function format(parts) {
  const dir = parts.dir || parts.root;
  const ext = parts.ext ? (parts.ext[0] === '.' ? parts.ext : '.' + parts.ext) : '';
  const base = parts.base || (parts.name || '') + ext;
  if (!dir) return base;
  return dir === parts.root ? dir + base : dir + '/' + base;
}

const path = {
  resolve, normalize, isAbsolute, join, relative, toNamespacedPath: (value) => value, dirname,
  basename, extname, format, parse, sep: '/', delimiter: ':', posix: null,
};
path.posix = path;
module.exports = path;

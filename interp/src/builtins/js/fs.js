// SPDX-License-Identifier: MIT
'use strict';
// fs, reading only. Everything that writes is there too, and says that it is not supported.

const binding = require('internal:binding');
const { path_of, system_error } = require('internal:system');

const constants = {
  F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1, O_RDONLY: 0, S_IFMT: 61440, S_IFREG: 32768, S_IFDIR: 16384,
  S_IFLNK: 40960,
};

function encoding_of(options) {
  if (typeof options === 'string') return options;
  return options !== null && typeof options === 'object' ? options.encoding : undefined;
}

function readFileSync(path, options) {
  const name = path_of(path);
  const data = binding.read_file(name);
  if (Array.isArray(data)) {
    throw data[0] === 'EISDIR' ? system_error(data, 'read') : system_error(data, 'open', name);
  }
  const encoding = encoding_of(options);
  return encoding === undefined || encoding === null || encoding === 'buffer' ? data : data.toString(encoding);
}

class Stats {
  constructor(fields) {
    for (const key of Object.keys(fields)) this[key] = fields[key];
    this.atime = new Date(fields.atimeMs);
    this.mtime = new Date(fields.mtimeMs);
    this.ctime = new Date(fields.ctimeMs);
    this.birthtime = new Date(fields.birthtimeMs);
  }
  isFile() { return (this.mode & constants.S_IFMT) === constants.S_IFREG; }
  isDirectory() { return (this.mode & constants.S_IFMT) === constants.S_IFDIR; }
  isSymbolicLink() { return (this.mode & constants.S_IFMT) === constants.S_IFLNK; }
  isBlockDevice() { return (this.mode & constants.S_IFMT) === 24576; }
  isCharacterDevice() { return (this.mode & constants.S_IFMT) === 8192; }
  isFIFO() { return (this.mode & constants.S_IFMT) === 4096; }
  isSocket() { return (this.mode & constants.S_IFMT) === 49152; }
}

function stat_with(path, follow, syscall, options) {
  const name = path_of(path);
  const fields = binding.stat_path(name, !follow);
  if (!Array.isArray(fields)) return new Stats(fields);
  if (options && options.throwIfNoEntry === false && fields[0] === 'ENOENT') return undefined;
  throw system_error(fields, syscall, name);
}

function statSync(path, options) {
  return stat_with(path, true, 'stat', options);
}

function lstatSync(path, options) {
  return stat_with(path, false, 'lstat', options);
}

class Dirent {
  constructor(name, path, mode) {
    this.name = name;
    this.parentPath = path;
    this.path = path;
    Object.defineProperty(this, 'mode_', { value: mode });
  }
  isFile() { return (this.mode_ & constants.S_IFMT) === constants.S_IFREG; }
  isDirectory() { return (this.mode_ & constants.S_IFMT) === constants.S_IFDIR; }
  isSymbolicLink() { return (this.mode_ & constants.S_IFMT) === constants.S_IFLNK; }
}

function readdirSync(path, options) {
  const name = path_of(path);
  const result = binding.read_directory(name);
  if (Array.isArray(result)) throw system_error(result, 'scandir', name);
  const with_types = options !== null && typeof options === 'object' && options.withFileTypes;
  if (options !== null && typeof options === 'object' && options.recursive) {
    throw new TypeError("fs.readdirSync: option 'recursive' is not supported by heaplab run");
  }
  const list = [];
  for (let i = 0; i < result.entries.length; i += 2) {
    list.push(with_types ? new Dirent(result.entries[i], name, result.entries[i + 1]) : result.entries[i]);
  }
  return list;
}

function existsSync(path) {
  return typeof path === 'string' && binding.access_path(path, constants.F_OK) === true;
}

function accessSync(path, mode = constants.F_OK) {
  const name = path_of(path);
  const result = binding.access_path(name, mode);
  if (result !== true) throw system_error(result, 'access', name);
}

function realpathSync(path) {
  const name = path_of(path);
  const result = binding.real_path(name);
  if (Array.isArray(result)) throw system_error(result, 'realpath', name);
  return result;
}

const readers = { readFile: readFileSync, stat: statSync, lstat: lstatSync, readdir: readdirSync,
  access: accessSync, realpath: realpathSync };

// The callback forms answer in a later turn of the event loop, as Node's do.
function with_callback(name, reader) {
  return function(...args) {
    const callback = args.pop();
    if (typeof callback !== 'function') {
      const error = new TypeError('The "cb" argument must be of type function. Received ' + String(callback));
      error.code = 'ERR_INVALID_ARG_TYPE';
      throw error;
    }
    let failure = null;
    let result;
    try {
      result = reader(...args);
    } catch (error) {
      if (error.code === 'ERR_INVALID_ARG_TYPE') throw error;
      failure = error;
    }
    setImmediate(() => (failure ? callback(failure) : callback(null, result)));
  };
}

const promises = {};
const fs = { constants, Stats, Dirent, promises, readFileSync, statSync, lstatSync, readdirSync,
  existsSync, accessSync, realpathSync };
for (const name of Object.keys(readers)) {
  fs[name] = with_callback(name, readers[name]);
  promises[name] = (...args) => new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(readers[name](...args));
      } catch (error) {
        reject(error);
      }
    });
  });
}

const writers = ['writeFile', 'appendFile', 'mkdir', 'mkdtemp', 'rm', 'rmdir', 'unlink', 'rename',
  'copyFile', 'chmod', 'chown', 'symlink', 'link', 'truncate', 'utimes', 'open', 'write', 'cp'];
function refuse(name) {
  return function() {
    throw new Error('fs.' + name + ' is not supported by heaplab run: programs may read files only');
  };
}
for (const name of writers) {
  fs[name] = refuse(name);
  fs[name + 'Sync'] = refuse(name + 'Sync');
  promises[name] = refuse('promises.' + name);
}
for (const name of ['createReadStream', 'createWriteStream', 'watch', 'watchFile']) fs[name] = refuse(name);

module.exports = fs;

// SPDX-License-Identifier: MIT
'use strict';
// What fs and v8 share: file names as arguments, and the errors of failed system calls.

function path_of(path, name = 'path') {
  if (typeof path === 'string') return path;
  if (Buffer.isBuffer(path)) return path.toString();
  const shown = path === null || path === undefined ? String(path) :
    typeof path === 'object' ? 'an instance of ' + (path.constructor ? path.constructor.name : 'Object') :
      typeof path === 'function' ? 'function ' + path.name :
        'type ' + typeof path + ' (' + require('internal:inspect').inspect(path) + ')';
  const error = new TypeError('The "' + name + '" argument must be of type string or an instance of Buffer or URL. Received ' + shown);
  error.code = 'ERR_INVALID_ARG_TYPE';
  throw error;
}

function system_error([code, errno, text], syscall, path) {
  const shown = path === undefined ? '' : " '" + path + "'";
  const error = new Error(code + ': ' + text + ', ' + syscall + shown);
  error.errno = errno;
  error.syscall = syscall;
  error.code = code;
  if (path !== undefined) error.path = path;
  return error;
}

module.exports = { path_of, system_error };

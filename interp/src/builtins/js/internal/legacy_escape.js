// SPDX-License-Identifier: MIT
'use strict';
// escape and unescape, from before encodeURIComponent.

function escape(text) {
  return String(text).replace(/[^A-Za-z0-9@*_+\-./]/g, (unit) => {
    const code = unit.charCodeAt(0);
    const hex = code.toString(16).toUpperCase();
    return code < 256 ? '%' + hex.padStart(2, '0') : '%u' + hex.padStart(4, '0');
  });
}

function unescape(text) {
  return String(text).replace(/%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})/g,
    (_, long, short) => String.fromCharCode(parseInt(long || short, 16)));
}

module.exports = { escape, unescape };

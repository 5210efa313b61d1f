'use strict';
// SPDX-License-Identifier: MIT
module.exports = require('util').types;

'use strict';
// SPDX-License-Identifier: MIT
module.exports = require('assert').strict;

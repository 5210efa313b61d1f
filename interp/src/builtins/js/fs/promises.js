'use strict';
// SPDX-License-Identifier: MIT
module.exports = require('fs').promises;

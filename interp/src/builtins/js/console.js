'use strict';
// SPDX-License-Identifier: MIT
module.exports = console;

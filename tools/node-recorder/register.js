// SPDX-License-Identifier: MIT
'use strict'

// For --import and for a program's own first line: begins to record, as the environment says.

module.exports = require('./index.js')
module.exports.start()

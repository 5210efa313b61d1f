// SPDX-License-Identifier: MIT
'use strict'

// `node -r heaplab-recorder app.js` records from the first line on, as the environment says; in a
// program, `require('heaplab-recorder').start({...})` does, from there on.

const { start } = require('./lib/recorder.js')

const isPreloaded = module.parent != null && module.parent.id === 'internal/preload'
if (isPreloaded) start()

module.exports = { start }

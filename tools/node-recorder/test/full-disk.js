// SPDX-License-Identifier: MIT
'use strict'

// Preloaded before the recorder: after half a second, no more bytes fit into files that grow.

const fs = require('fs')
const { writeSync } = fs
const begun = Date.now()
fs.writeSync = (file, ...rest) => {
  if (file > 2 && Date.now() - begun > 500) {
    const error = new Error('ENOSPC: no space left on device, write')
    error.code = 'ENOSPC'
    throw error
  }
  return writeSync(file, ...rest)
}

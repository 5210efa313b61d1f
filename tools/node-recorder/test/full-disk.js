// SPDX-License-Identifier: MIT
'use strict'

// Preloaded before the recorder: after the first ten writes, nothing more fits into files that grow.

const fs = require('fs')
const { writeSync } = fs
let writes = 0
fs.writeSync = (file, ...rest) => {
  if (file > 2 && ++writes > 10) {
    const error = new Error('ENOSPC: no space left on device, write')
    error.code = 'ENOSPC'
    throw error
  }
  return writeSync(file, ...rest)
}

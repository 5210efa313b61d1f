// SPDX-License-Identifier: MIT
'use strict';
module.exports = { Buffer, kMaxLength: 4294967295, constants: { MAX_LENGTH: 4294967295, MAX_STRING_LENGTH: 536870888 } };

"use strict";
let x = 017;

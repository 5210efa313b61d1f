// expect: leak history | forgotten cache/collection | linked-history.js:
// An undo history as a linked list: no array, no Map, each object refers to one other.
'use strict';

let history = null;
let text = '';

function edit(i) {
  history = { previous: history, before: text, position: i };
  text = (text + String.fromCharCode(97 + (i % 26))).slice(-60);
}

function render() {
  return text.split('').reverse().join('');
}

let shown = 0;
let i = 0;
function tick() {
  for (let k = 0; k < 150; k++) {
    edit(i++);
    if (k % 5 === 0) shown += render().length;
  }
  if (i < 9000) setTimeout(tick, 0);
  else console.log(shown);
}
tick();

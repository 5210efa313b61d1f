// culprit: (pending|debouncer|saver|drafts|entries)
// kind: forgotten cache/collection
//
// Drafts are saved when their author pauses. The timers are cleared and fire, the entries stay.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(219);

function createSaver(delay) {
  const pending = {};
  let saved = 0;
  return {
    touch(draft) {
      const entry = pending[draft.id] || (pending[draft.id] = { edits: 0, timer: null, draft });
      entry.edits++;
      clearTimeout(entry.timer);
      entry.timer = setTimeout(() => { saved++; entry.timer = null; }, delay);
    },
    saved: () => saved,
  };
}

const saver = createSaver(1);
rounds(24, async (round) => {
  for (let i = 0; i < 50; i++) {
    const draft = { id: `d${round}-${i}`, title: traffic.text(3), body: traffic.text(12) };
    for (let k = 0; k < 3; k++) saver.touch(draft);
  }
  await new Promise((resolve) => setTimeout(resolve, 4));
});

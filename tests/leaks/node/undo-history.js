// culprit: past\b
// kind: forgotten cache/collection|unneeded reference|large object
//
// A state store with undo. Every state there ever was is kept in `past`.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(36);

function createStore(reducer, initial) {
  let present = initial;
  let past = [];
  let future = [];
  const subscribers = new Set();
  return {
    getState: () => present,
    dispatch(action) {
      const next = reducer(present, action);
      if (next === present) return action;
      past = [...past, present];
      future = [];
      present = next;
      for (const notify of subscribers) notify(next, action);
      return action;
    },
    undo() {
      if (past.length === 0) return;
      future = [present, ...future];
      present = past[past.length - 1];
      past = past.slice(0, -1);
    },
    subscribe(notify) {
      subscribers.add(notify);
      return () => subscribers.delete(notify);
    },
    depth: () => past.length,
  };
}

function reducer(state, action) {
  switch (action.type) {
    case 'edit': {
      const cells = state.cells.slice();
      cells[action.at] = action.value;
      return { ...state, cells, revision: state.revision + 1 };
    }
    case 'title':
      return { ...state, title: action.value, revision: state.revision + 1 };
    default:
      return state;
  }
}

const store = createStore(reducer, { title: 'Sheet', revision: 0, cells: new Array(200).fill(0) });
const lastActions = [];
store.subscribe((state, action) => {
  lastActions[state.revision % 32] = action.type;
});

rounds(30, () => {
  for (let i = 0; i < 24; i++) {
    store.dispatch({ type: 'edit', at: traffic.int(200), value: traffic.int(1000) });
    if (i % 8 === 0) store.dispatch({ type: 'title', value: traffic.text(3) });
    if (i % 12 === 0) store.undo();
    if (i % 5 === 0) store.dispatch({ type: 'unknown' });
  }
}).then(() => console.log(`revision ${store.getState().revision}, ${store.depth()} to undo`));

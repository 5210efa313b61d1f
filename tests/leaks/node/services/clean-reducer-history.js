// clean
//
// State by a reducer, each version sharing with the one before; fifty are kept to undo.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(259);

let state = { todos: [], filter: 'all', version: 0 };
let history = [];

function reduce(state, action) {
  switch (action.type) {
    case 'add': return { ...state, todos: [...state.todos, action.todo].slice(-30), version: state.version + 1 };
    case 'filter': return { ...state, filter: action.filter, version: state.version + 1 };
    default: return state;
  }
}

function dispatch(action) {
  history = [...history.slice(-49), state];
  state = reduce(state, action);
}

rounds(30, () => {
  for (let i = 0; i < 100; i++) {
    if (traffic.int(5)) dispatch({ type: 'add', todo: { title: traffic.text(4), done: false } });
    else dispatch({ type: 'filter', filter: traffic.word() });
  }
});

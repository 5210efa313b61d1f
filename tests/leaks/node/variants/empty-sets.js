// culprit: members\b|rooms\b
// kind: forgotten cache/collection
//
// Chat rooms by name, with a set of members each. When the last one leaves, the set is empty, and
// stays.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(135);

function createRooms() {
  const members = new Map();
  const roomsOf = new Map();

  const listFor = (index, key) => {
    let list = index.get(key);
    if (list === undefined) index.set(key, (list = new Set()));
    return list;
  };

  return {
    join(user, room) {
      listFor(members, room).add(user);
      listFor(roomsOf, user).add(room);
    },
    leave(user, room) {
      members.get(room)?.delete(user);
      const rooms = roomsOf.get(user);
      if (rooms === undefined) return; // the same person twice
      rooms.delete(room);
      if (rooms.size === 0) roomsOf.delete(user);
    },
    say(room, text) {
      let heard = 0;
      for (const user of members.get(room) ?? []) heard += user.inbox.push(text) > 0 ? 1 : 0;
      return heard;
    },
    everyone: () => roomsOf.size,
  };
}

const rooms = createRooms();
const people = Array.from({ length: 60 }, (_, id) => ({ id, inbox: [] }));
let heard = 0;

function meeting() {
  const room = `${random.word()}-${random.word()}-${random.hex(8)}`;
  const present = Array.from({ length: 3 }, () => random.pick(people));
  for (const user of present) rooms.join(user, room);
  for (let i = 0; i < 4; i++) heard += rooms.say(room, random.text(3));
  for (const user of present) rooms.leave(user, room);
}

rounds(30, () => {
  for (let i = 0; i < 60; i++) meeting();
  for (const user of people) user.inbox.length = 0;
}).then(() => console.log(heard, rooms.everyone()));

// SPDX-License-Identifier: MIT
// Requests, names and texts that look like a service's traffic: made up, the same in every run.
'use strict';

const WORDS = ('account active amount archive balance basket billing browser campaign cancel carrier '
  + 'catalog channel checkout client comment confirm contact content country coupon credit currency '
  + 'customer daily delivery deposit details device discount document draft email endpoint event '
  + 'export failed feature filter folder gateway group header history image import index inventory '
  + 'invoice item journal label language ledger limit listing location login market member message '
  + 'method mobile network notice number offer office order owner package page parcel partner pending '
  + 'phone policy price product profile project public quantity quote rating receipt record refund '
  + 'region release report request result return review sample schedule search season secret section '
  + 'seller service session shipping signal stock store summary supply support survey target tenant '
  + 'ticket token total travel update upload user value vendor version visit voucher warehouse window')
  .split(' ');

const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'];

function traffic(seed) {
  let state = (seed * 2654435761) >>> 0 || 1;

  function next() {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  }
  const int = (below) => Math.floor(next() * below);
  const pick = (list) => list[int(list.length)];
  const word = () => pick(WORDS);
  const text = (count) => Array.from({ length: count }, word).join(' ');

  function hex(length) {
    let digits = '';
    while (digits.length < length) digits += (state >>> 0).toString(16).padStart(8, '0') + int(16);
    return Buffer.from(digits).toString('latin1', 0, length);
  }

  return {
    next, int, pick, word, text, hex,
    user: (among) => ({ id: int(among), name: `${word()}.${word()}`, roles: ['reader', word()] }),
    request: (among = 500) => ({
      method: pick(METHODS),
      url: `/${word()}/${int(among)}`,
      headers: { host: `${word()}.example`, 'user-agent': `${word()}/1.${int(9)}`, accept: '*/*' },
      user: int(among),
    }),
  };
}

module.exports = traffic;

// culprit: received\b|_?peer\b|connection\b
// kind: large object|forgotten cache/collection|unneeded reference
//
// A protocol parser on a connection that lasts. What was received is appended to one buffer with
// Buffer.concat; what was parsed is not cut off. There is only ever one buffer.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(136);

class FrameParser {
  constructor(onFrame) {
    this.received = Buffer.alloc(0);
    this.position = 0;
    this.onFrame = onFrame;
  }

  push(chunk) {
    this.received = Buffer.concat([this.received, chunk]);
    for (;;) {
      const left = this.received.length - this.position;
      if (left < 4) return;
      const length = this.received.readUInt32BE(this.position);
      if (left < 4 + length) return;
      const start = this.position + 4;
      this.onFrame(this.received.subarray(start, start + length));
      this.position = start + length;
    }
  }
}

const totals = { frames: 0, bytes: 0, kinds: new Uint32Array(16) };
const connection = new FrameParser((frame) => {
  totals.frames++;
  totals.bytes += frame.length;
  totals.kinds[frame[0] & 15]++;
});

function encode(text) {
  const frame = Buffer.alloc(4 + text.length);
  frame.writeUInt32BE(text.length, 0);
  frame.write(text, 4, 'latin1');
  return frame;
}

rounds(30, () => {
  for (let i = 0; i < 6; i++) {
    const stream = Buffer.concat(Array.from({ length: 8 }, () => encode(random.text(60))));
    const cut = random.int(stream.length);
    connection.push(stream.subarray(0, cut));
    connection.push(stream.subarray(cut));
  }
}).then(() => console.log(totals.frames, totals.bytes > 0));

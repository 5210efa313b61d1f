// culprit: finished\b
// kind: large object|forgotten cache/collection|unneeded reference
// accumulates: Buffer|Upload|Uint8Array|ArrayBuffer|Object
//
// Uploads are assembled from chunks. A finished one is kept with its bytes for "resume".
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(20);

class Upload {
  constructor(id, name, expected) {
    this.id = id;
    this.name = name;
    this.expected = expected;
    this.received = 0;
    this.chunks = [];
  }

  append(chunk) {
    this.chunks.push(chunk);
    this.received += chunk.length;
    return this.received >= this.expected;
  }

  assemble() {
    const body = Buffer.concat(this.chunks);
    this.chunks = [];
    return body;
  }
}

class UploadService {
  constructor() {
    this.open = new Map();
    this.finished = new Map();
    this.scratch = Buffer.alloc(256 * 1024);
    this.nextId = 1;
  }

  start(name, size) {
    const upload = new Upload(this.nextId++, name, size);
    this.open.set(upload.id, upload);
    return upload.id;
  }

  chunk(id, bytes) {
    const upload = this.open.get(id);
    if (upload.append(bytes)) this.complete(upload);
  }

  complete(upload) {
    this.open.delete(upload.id);
    upload.body = upload.assemble();
    upload.body.copy(this.scratch, 0, 0, Math.min(upload.body.length, this.scratch.length));
    upload.checksum = this.scratch[0] + this.scratch[upload.body.length >> 1];
    this.finished.set(upload.id, upload);
  }
}

const service = new UploadService();

rounds(24, () => {
  for (let i = 0; i < 4; i++) {
    const size = 150000 + traffic.int(60000);
    const id = service.start(`${traffic.word()}.jpg`, size);
    for (let sent = 0; sent < size; sent += 32768) {
      service.chunk(id, Buffer.alloc(Math.min(32768, size - sent), traffic.int(255)));
    }
  }
}).then(() => console.log(`${service.finished.size} uploads, ${service.open.size} open`));

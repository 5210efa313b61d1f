// A thumbnail service. Each upload is a large buffer of which only a few bytes are needed, but the
// job that is kept for the history holds the whole upload.
//
//   heaplab run --record=large.heaprec demos/large-objects.js && heaplab leaks large.heaprec
'use strict';

const finishedJobs = [];

function receive(number) {
  const upload = Buffer.alloc(512 * 1024);
  for (let i = 0; i < upload.length; i += 4096) upload[i] = (number + i) & 255;
  return upload;
}

function thumbnail(upload) {
  const pixels = [];
  for (let i = 0; i < upload.length; i += 8192) pixels.push(upload[i]);
  return pixels;
}

class Job {
  constructor(number, upload) {
    this.number = number;
    this.upload = upload; // the mistake: only the thumbnail is needed
    this.pixels = thumbnail(upload);
  }
}

function work(number) {
  const job = new Job(number, receive(number));
  finishedJobs.push(job);
  if (number % 20 === 0) {
    const brightest = Math.max(...job.pixels);
    console.log(`job ${number}: brightest pixel ${brightest}`);
  }
  if (number < 80) setTimeout(work, 1, number + 1);
  else console.log(`${finishedJobs.length} jobs done`);
}

work(1);

// heaplab run: --max-old-space-size=24
const keep = [];
for (;;) keep.push(new Array(1000).fill("x"));

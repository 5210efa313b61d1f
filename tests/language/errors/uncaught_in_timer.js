setTimeout(function tick() {
  null.x;
}, 1);

process.on('exit', (code) => { console.log('exiting', code); process.exitCode = 0; });
setTimeout(() => console.log('never'), 50);
Promise.resolve().then(() => { try { console.log('before'); process.exit(); } finally { console.log('finally does not run'); } });

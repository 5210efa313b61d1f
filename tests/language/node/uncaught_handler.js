process.on('uncaughtException', (e, origin) => console.log('uncaught', e.message, origin));
process.on('unhandledRejection', (reason, p) => console.log('unhandled', reason.message, p instanceof Promise));
setTimeout(() => { throw new Error('in timer'); }, 1);
setTimeout(() => { Promise.reject(new Error('rejected')); }, 5);
setTimeout(() => console.log('goes on'), 10);
const late = Promise.reject(new Error('handled in time'));
late.catch((e) => console.log('caught', e.message));
queueMicrotask(() => { throw new Error('in microtask'); });
throw new Error('in main');

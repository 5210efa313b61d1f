throw new Error('while loading ' + (globalThis.loads = (globalThis.loads || 0) + 1));

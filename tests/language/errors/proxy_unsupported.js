const p = new Proxy({}, {});

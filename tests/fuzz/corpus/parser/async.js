async function* g() { for await (const x of y) { const z = yield await x; try { yield* z } finally { await 1 } } }
const f = async (a) => await a, h = async x => { await (async () => {})() }; function* i() { yield }

// clean
//
// Dependency injection with a scope for each request that is disposed of, and singletons that are
// made when first needed.
"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const rounds_1 = require("../rounds");
const random = require("../traffic")(121);
class Scope {
    constructor(parent, factories) {
        this.parent = parent;
        this.factories = factories;
        this.cache = new Map();
        this.open = new Set();
        this.disposers = [];
        if (parent) parent.open.add(this);
    }
    get(name) {
        const home = this.parent && name.startsWith("app.") ? this.parent : this;
        if (!home.cache.has(name)) {
            const made = this.factories[name](home);
            home.cache.set(name, made);
            if (typeof made.dispose === "function") home.disposers.push(() => made.dispose());
        }
        return home.cache.get(name);
    }
    dispose() {
        this.disposers.splice(0).forEach((dispose) => dispose());
        this.cache.clear();
        if (this.parent) this.parent.open.delete(this);
    }
}
let disposed = 0;
const factories = {
    "app.config": () => ({ entries: Array.from({ length: 500 }, (_, i) => ({ key: `k${i}`, text: random.text(3) })) }),
    "app.counters": () => ({ handled: 0, byPath: new Map() }),
    unitOfWork: () => ({ changes: [], dispose() { disposed++; this.changes.length = 0; } }),
    user: () => random.user(300),
};
const application = new Scope(null, factories);
async function handle(request) {
    const scope = new Scope(application, factories);
    try {
        const work = scope.get("unitOfWork");
        for (let i = 0; i < 5; i++) work.changes.push({ user: scope.get("user"), text: random.text(5) });
        await null;
        const counters = scope.get("app.counters");
        counters.handled++;
        const path = request.url.split("/")[1];
        counters.byPath.set(path, (counters.byPath.get(path) || 0) + work.changes.length);
        if (request.user % 50 === 0) throw new Error("refused");
        return scope.get("app.config").entries[request.user].text.length;
    }
    finally {
        scope.dispose();
    }
}
let total = 0;
(0, rounds_1)(30, async () => {
    const results = await Promise.allSettled(Array.from({ length: 90 }, () => handle(random.request())));
    for (const { value } of results) total += value || 0;
}).then(() => console.log(total > 0, disposed, application.open.size));

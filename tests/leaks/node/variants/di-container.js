// culprit: _scopes\b
// kind: forgotten cache/collection
// accumulates: Container|Object
//
// A dependency-injection container, as a TypeScript compiler would leave it. Every request gets a
// child scope; the scope is never disposed of, and the root knows its children.
"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.handleRequest = exports.root = exports.Lifetime = void 0;
const rounds_1 = require("../rounds");
const traffic_1 = require("../traffic");
const random = (0, traffic_1)(101);
var Lifetime;
(function (Lifetime) {
    Lifetime[Lifetime["Singleton"] = 0] = "Singleton";
    Lifetime[Lifetime["Scoped"] = 1] = "Scoped";
    Lifetime[Lifetime["Transient"] = 2] = "Transient";
})(Lifetime || (exports.Lifetime = Lifetime = {}));
class Container {
    constructor(_parent) {
        this._parent = _parent;
        this._registrations = new Map();
        this._instances = new Map();
        this._scopes = [];
    }
    register(token, factory, lifetime) {
        this._registrations.set(token, { factory, lifetime });
        return this;
    }
    createScope() {
        const scope = new Container(this);
        this._scopes.push(scope);
        return scope;
    }
    resolve(token) {
        var _a;
        const registration = this._find(token);
        if (!registration)
            throw new Error(`nothing is registered for ${String(token)}`);
        const home = registration.lifetime === Lifetime.Singleton ? this._root() : this;
        if (registration.lifetime === Lifetime.Transient)
            return registration.factory(this);
        const existing = (_a = home._instances.get(token)) !== null && _a !== void 0 ? _a : undefined;
        if (existing !== undefined)
            return existing;
        const created = registration.factory(home);
        home._instances.set(token, created);
        return created;
    }
    dispose() {
        for (const scope of this._scopes)
            scope.dispose();
        this._instances.clear();
        this._scopes.length = 0;
    }
    _find(token) {
        return this._registrations.get(token) || (this._parent && this._parent._find(token));
    }
    _root() {
        return this._parent ? this._parent._root() : this;
    }
}
const TOKENS = {
    Clock: Symbol("Clock"),
    Session: Symbol("Session"),
    UnitOfWork: Symbol("UnitOfWork"),
    Id: Symbol("Id"),
};
exports.root = new Container(null)
    .register(TOKENS.Clock, () => ({ ticks: 0, now() { return ++this.ticks; } }), Lifetime.Singleton)
    .register(TOKENS.Session, () => ({ user: random.user(400), claims: random.text(10).split(" ") }), Lifetime.Scoped)
    .register(TOKENS.UnitOfWork, (c) => ({ session: c.resolve(TOKENS.Session), dirty: [], committed: false }), Lifetime.Scoped)
    .register(TOKENS.Id, () => random.hex(16), Lifetime.Transient);
function handleRequest(request) {
    const scope = exports.root.createScope();
    const work = scope.resolve(TOKENS.UnitOfWork);
    for (let i = 0; i < 3; i++)
        work.dirty.push({ id: scope.resolve(TOKENS.Id), at: scope.resolve(TOKENS.Clock).now() });
    work.committed = request.method !== "GET";
    return work.dirty.length;
}
exports.handleRequest = handleRequest;
let writes = 0;
(0, rounds_1)(30, () => {
    for (let i = 0; i < 50; i++)
        writes += handleRequest(random.request());
}).then(() => console.log(`${writes} writes`));

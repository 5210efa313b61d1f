// culprit: \bbus\b|_handlers\b
// kind: listener|forgotten cache/collection|closure
//
// Process managers ("sagas") that wait for a payment. Half of the payments never come, and their
// sagas stay subscribed to the bus.
"use strict";
var __extends = function (derived, base) {
    Object.setPrototypeOf(derived, base);
    derived.prototype = Object.create(base.prototype, { constructor: { value: derived, writable: true } });
};
var rounds = require("../rounds");
var random = require("../traffic")(109);

var MessageBus = /** @class */ (function () {
    function MessageBus() {
        this._handlers = {};
        this.published = 0;
    }
    MessageBus.prototype.subscribe = function (type, handler) {
        var handlers = this._handlers;
        (handlers[type] || (handlers[type] = [])).push(handler);
        return function () {
            handlers[type] = handlers[type].filter(function (h) { return h !== handler; });
        };
    };
    MessageBus.prototype.publish = function (message) {
        this.published++;
        (this._handlers[message.type] || []).slice().forEach(function (h) { return h(message); });
    };
    return MessageBus;
}());

var bus = new MessageBus();

var Saga = /** @class */ (function () {
    function Saga(id) {
        this.id = id;
        this.steps = [];
        this.releases = [];
    }
    Saga.prototype.when = function (type, react) {
        var self = this;
        this.releases.push(bus.subscribe(type, function (message) {
            if (message.saga === self.id) react.call(self, message);
        }));
    };
    Saga.prototype.complete = function () {
        this.releases.forEach(function (release) { release(); });
    };
    return Saga;
}());

var completed = 0;
var OrderSaga = /** @class */ (function (_super) {
    __extends(OrderSaga, _super);
    function OrderSaga(order) {
        _super.call(this, order.id);
        this.order = order;
        this.when("reserved", function (m) { this.steps.push({ step: "reserved", at: m.at }); });
        this.when("paid", function (m) {
            this.steps.push({ step: "paid", at: m.at });
            completed++;
            this.complete();
        });
    }
    return OrderSaga;
}(function (id) { Saga.call(this, id); }));
Object.assign(OrderSaga.prototype, { when: Saga.prototype.when, complete: Saga.prototype.complete });

var orders = 0;
rounds(30, function (round) {
    for (var i = 0; i < 14; i++) {
        var order = { id: ++orders, lines: random.text(24).split(" "), user: random.user(200) };
        new OrderSaga(order);
        bus.publish({ type: "reserved", saga: order.id, at: round });
        if (i % 2 === 0) bus.publish({ type: "paid", saga: order.id, at: round });
    }
}).then(function () { console.log(orders, completed, bus.published); });

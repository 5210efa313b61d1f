// culprit: hours\b|buckets\b
// kind: forgotten cache/collection|large object
//
// Statistics in buckets of an hour. A bucket has a fixed number of cells, and the list of buckets
// grows by only one in an hour; but it grows for ever.
"use strict";
var __assign = Object.assign;
var rounds = require("../rounds");
var random = require("../traffic")(137);
var CELLS = 400;
function Bucket(hour) {
    this.hour = hour;
    this.cells = [];
    for (var i = 0; i < CELLS; i++)
        this.cells.push({ count: 0, least: Infinity, most: -Infinity, sum: 0 });
}
Bucket.prototype.add = function (key, value) {
    var cell = this.cells[key % CELLS];
    cell.count++;
    cell.sum += value;
    if (value < cell.least)
        cell.least = value;
    if (value > cell.most)
        cell.most = value;
};
var Statistics = /** @class */ (function () {
    function Statistics() {
        this.hours = [];
        this.current = null;
    }
    Statistics.prototype.observe = function (hour, key, value) {
        if (!this.current || this.current.hour !== hour) {
            this.current = new Bucket(hour);
            this.hours.push(this.current);
        }
        this.current.add(key, value);
    };
    Statistics.prototype.lastDay = function () {
        return this.hours.slice(-24).reduce(function (n, bucket) {
            return n + bucket.cells.reduce(function (m, cell) { return m + cell.count; }, 0);
        }, 0);
    };
    return Statistics;
}());
var statistics = new Statistics();
var options = __assign({ perHour: 300 }, { keys: 1000 });
var shown = 0;
rounds(36, function (hour) {
    for (var i = 0; i < options.perHour; i++)
        statistics.observe(hour, random.int(options.keys), random.int(5000));
    shown += statistics.lastDay();
}).then(function () { return console.log(shown, statistics.current.hour); });

const d = new Date(Date.UTC(2024, 1, 29, 12, 34, 56, 789));
console.log(d, d.toISOString(), d.toJSON(), d.getTime(), +d, d.valueOf(), JSON.stringify({d}), [d], {d});
console.log(
    d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCDay(), d.getUTCHours(), d.getUTCMinutes(),
    d.getUTCSeconds(), d.getUTCMilliseconds());
console.log(
    new Date('2020-01-01'), new Date('2020-01-01T10:00:00Z'), new Date('2020-01-01T10:00:00+02:00'),
    new Date('2020-01-01T10:00:00.5Z'), new Date('2020'), new Date('2020-06'), new Date(NaN),
    new Date('garbage'), new Date(8.64e15), new Date(8.64e15 + 1), new Date(0), new Date(-1),
    new Date('+010000-01-01T00:00:00Z'), new Date('-000001-01-01T00:00:00Z'));
console.log(
    Date.UTC(2020), Date.UTC(2020, 12), Date.UTC(99, 0), Date.UTC(1969, 11, 31, 23, 59, 59, 999), Date.UTC(),
    Date.parse('2000-02-29T00:00:00Z'), Date.parse('x'));
const e = new Date(0);
console.log(
    e.setUTCFullYear(2023, 0, 31), e.setUTCMonth(1), e.toISOString(), e.setUTCDate(0), e.toISOString(),
    e.setUTCHours(25, 61, 61, 1001), e.toISOString(), e.setTime(5), e.setUTCMilliseconds(-1),
    e.toISOString());
console.log(
    d - new Date(d - 1000), d > e, d == new Date(+d), typeof (d + 1), typeof (d - 1), d instanceof Date,
    typeof Date.now(), typeof Date(), Date.length, new Date(2020, 0).getFullYear(),
    new Date(new Date(7)).getTime());
for (const f
         of [() => new Date(NaN).toISOString(), () => Date.prototype.getTime.call({}),
            () => new Date(Symbol())]) {
  try {
    console.log(f());
  } catch (x) {
    console.log(x.name + ': ' + x.message);
  }
}
console.log(
    String(new Date(NaN)), new Date(NaN).getTime(), new Date(NaN).toJSON(), `${new Date(NaN)}`,
    d[Symbol.toPrimitive]('number'), d.toUTCString(), new Date('Thu, 01 Jan 1970 00:00:10 GMT').getTime(),
    new Date('2020-02-30').getTime());
const days = (a, b) => Math.round((Date.parse(b) - Date.parse(a)) / 864e5);
console.log(
    days('2024-01-01', '2025-01-01'), days('2023-01-01', '2024-01-01'),
    [2000, 1900, 2023, 2024].map((y) => new Date(Date.UTC(y, 1, 29)).getUTCMonth() === 1));
const local = new Date(2021, 5, 15, 8, 30, 15, 250);
console.log(
    local.getFullYear(), local.getMonth(), local.getDate(), local.getHours(), local.getMinutes(),
    local.getSeconds(), local.getMilliseconds(), local.getDay(),
    local.getTimezoneOffset() === new Date(local).getTimezoneOffset());
class Stamp extends Date {
  get day() { return this.toISOString().slice(0, 10); }
}
console.log(new Stamp(0).day, new Stamp(0) instanceof Date, new Stamp(0));

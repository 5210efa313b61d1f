const d = new Date(0);
console.log(
    d.toISOString(), d.getTime(), JSON.stringify(d), d.getUTCDay(), new Date(2020, 1, 30).getMonth(),
    new Date('2021-03-04T05:06:07.008Z').toJSON(), Date.UTC(2000, 0), new Date(1e12));
const x = new Date(d);
x.setUTCDate(32);
console.log(
    x, d < x, x - d, new Date('bad').getTime(), isNaN(new Date('bad')), typeof Date.now(),
    new Date(2019, 0, 31, 12).getDate());
console.log(
    [3, 1, 2]
        .map((n) => new Date(Date.UTC(2024, n)))
        .sort((a, b) => a - b)
        .map((q) => q.toISOString().slice(0, 10)),
    {when: new Date(5)});

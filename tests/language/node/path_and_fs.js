const path = require('path'), fs = require('fs');
console.log(
    path.join('/a', '../b', './c', '', 'd/..'), path.join(), path.normalize('/a//b/./c/..'),
    path.normalize('../x/../..'), path.basename('/x/y.tar.gz'), path.basename('/x/y.js', '.js'),
    path.basename('/x/'), path.dirname('/a/b/c'), path.dirname('a'), path.dirname('/'), path.extname('a.b.c'),
    path.extname('.bashrc'), path.extname('x.'), path.sep, path.delimiter);
console.log(
    path.resolve('/a', 'b', '../c'), path.resolve('/x', '/y', 'z'), path.isAbsolute('/a'),
    path.isAbsolute('a'), path.relative('/a/b/c', '/a/d'), path.relative('/a', '/a/b'),
    path.relative('/a', '/a') === '', path.resolve('x') === path.join(process.cwd(), 'x'));
console.log(
    path.parse('/home/u/file.txt'), path.format({dir: '/d', name: 'n', ext: '.e'}),
    path.format({root: '/', base: 'b'}), path.posix === path);
try {
  path.join(5);
} catch (e) {
  console.log(e.name, e.code, e.message);
}
const here = path.join(__dirname, 'lib', 'sample.txt');
const text = fs.readFileSync(here, 'utf8');
console.log(
    text, text.length, fs.readFileSync(here).length, fs.readFileSync(here).slice(0, 4),
    fs.readFileSync(here, {encoding: 'latin1'}).length);
console.log(
    fs.existsSync(here), fs.existsSync(here + 'x'), fs.statSync(here).size, fs.statSync(here).isFile(),
    fs.statSync(__dirname).isDirectory(), fs.readdirSync(path.join(__dirname, 'lib')));
for (const f
         of [() => fs.readFileSync('/nowhere/at/all'), () => fs.readFileSync(__dirname),
            () => fs.statSync('/nowhere'), () => fs.readdirSync('/nowhere'), () => fs.readFileSync(5.5)]) {
  try {
    f();
  } catch (e) {
    console.log(
        e.name, e.code, e.errno, e.syscall, e.path === __dirname ? 'dirname' : e.path,
        e.message.replace(__dirname, '.'));
  }
}
fs.readFile(here, 'utf8', (err, data) => {
  console.log('callback', err, data === text);
  fs.readFile('/nowhere', (err2, d2) => console.log(err2.code, d2));
});
console.log(
    text.split('\n').map((l) => l.trim()).filter(Boolean),
    JSON.parse(fs.readFileSync(path.join(__dirname, 'lib/sample.json'), 'utf8')));

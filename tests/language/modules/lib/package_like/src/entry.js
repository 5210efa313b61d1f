exports.name = 'entry of ' + require('../package.json').name;

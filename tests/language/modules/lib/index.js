exports.index = 'index of a folder';

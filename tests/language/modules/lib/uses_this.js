this.fromThis = 1; exports.same = this === module.exports;

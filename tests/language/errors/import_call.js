console.log(1);
const m = import("./x.js");

process.exitCode = 3;
console.log("end");

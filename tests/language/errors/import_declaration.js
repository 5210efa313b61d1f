import fs from "fs";
console.log(1);

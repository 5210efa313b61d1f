const fine = 1;
let = = 2;

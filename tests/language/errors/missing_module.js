require("./not_there");

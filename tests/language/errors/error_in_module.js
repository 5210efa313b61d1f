require("./lib/broken_module");

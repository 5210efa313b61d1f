const t = "abc
";

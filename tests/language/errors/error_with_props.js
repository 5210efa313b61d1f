throw Object.assign(new Error("m"), { code: "ECODE", detail: { a: 1 } });

try { process.exit(5); } finally { console.log("never"); }

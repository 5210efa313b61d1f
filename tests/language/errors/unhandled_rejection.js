Promise.reject(new Error("nobody caught this"));
setTimeout(() => console.log("never"), 10);

console.log('not reached');
const never = () => /a(b/;

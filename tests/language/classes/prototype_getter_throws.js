// `new` reads new.target.prototype before the body begins: a `try` there does not see what it throws.
function Base() {
  try {
    this.x = 1;
  } catch (e) {
    console.log('caught inside', e.message);
  }
}
const bound = Base.bind();
Object.defineProperty(bound, 'prototype', {
  get() {
    throw new Error('from the getter');
  }
});
try {
  Reflect.construct(Base, [], bound);
} catch (e) {
  console.log('caught outside:', e.message);
}
console.log(Reflect.construct(Base, [], Map) instanceof Map);

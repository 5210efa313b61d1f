@decorate
class A {}

// Accounts, rules as classes, a ledger, rollback, statements.
class BankError extends Error {
  get name() { return this.constructor.name; }
}
class InsufficientFunds extends BankError {
  constructor(account, wanted) {
    super(`${account.owner} has ${Money.format(account.available)}, wanted ${Money.format(wanted)}`);
    this.shortfall = wanted - account.available;
  }
}
class AccountClosed extends BankError {}

class Money {
  static #sign = '€';
  static format(cents) {
    const [whole, part] = (Math.abs(cents) / 100).toFixed(2).split('.');
    return `${cents < 0 ? '-' : ''}${Money.#sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${part}`;
  }
}

class Account {
  static #next = 1000;
  #balance = 0;
  #open = true;
  history = [];
  constructor(owner) {
    this.owner = owner;
    this.number = Account.#next++;
    Object.defineProperty(this, 'bank', {value: null, writable: true});
  }
  get balance() { return this.#balance; }
  get available() { return this.#balance; }
  post(amount, text) {
    if (!this.#open) throw new AccountClosed(`account ${this.number} is closed`);
    if (amount < 0 && this.available + amount < 0) throw new InsufficientFunds(this, -amount);
    this.#balance += amount;
    this.history.push({amount, text, balance: this.#balance});
    return this;
  }
  close() {
    if (this.#balance !== 0) throw new BankError(`account ${this.number} is not empty`);
    this.#open = false;
  }
  monthEnd() {}
  static compare(a, b) { return b.#balance - a.#balance || a.number - b.number; }
  toString() {
    return `${this.constructor.name} ${this.number} (${this.owner}): ${Money.format(this.#balance)}`;
  }
  [Symbol.toPrimitive](hint) { return hint === 'number' ? this.#balance : String(this.toString()); }
}
class Savings extends Account {
  constructor(owner, rate = 0.02) {
    super(owner);
    this.rate = rate;
  }
  monthEnd() {
    const interest = Math.floor((this.balance * this.rate) / 12);
    if (interest > 0) this.post(interest, 'interest');
  }
}
class Checking extends Account {
  overdraft = 50000;
  get available() { return super.available + this.overdraft; }
  monthEnd() {
    super.monthEnd();
    if (this.balance < 0) this.post(-Math.min(500, this.available), 'overdraft fee');
  }
}

class Bank {
  accounts = new Map();
  ledger = [];
  open(Type, ...args) {
    const account = new Type(...args);
    account.bank = this;
    this.accounts.set(account.number, account);
    return account;
  }
  transfer(from, to, amount, text = 'transfer') {
    this.atomically(() => {
      from.post(-amount, `${text} to ${to.number}`);
      to.post(amount, `${text} from ${from.number}`);
    });
  }
  atomically(work) {
    const marks = [...this.accounts.values()].map((account) => [account, account.history.length]);
    try {
      work();
      this.ledger.push('ok');
    } catch (error) {
      for (const [account, mark] of marks) {
        while (account.history.length > mark) {
          const {amount} = account.history.at(-1);
          account.post(-amount, 'rollback');
          account.history.length -= 2;
        }
      }
      this.ledger.push(error.name);
      throw error;
    }
  }
  get total() { return [...this.accounts.values()].reduce((sum, account) => sum + +account, 0); }
}

const bank = new Bank();
const ann = bank.open(Checking, 'Ann'), bob = bank.open(Savings, 'Bob', 0.12), cy = bank.open(Account, 'Cy');
ann.post(120000, 'salary');
bob.post(5000000, 'inheritance');
console.log(`${ann}`, ann + '', ann + 0 > 5 || 'text', +ann, ann > cy, String(bob));
bank.transfer(ann, cy, 20000, 'rent');
for (const [what, attempt] of Object.entries({
       tooMuch: () => bank.transfer(cy, bob, 99999999),
       overdraft: () => bank.transfer(ann, bob, 140000),
       beyond: () => bank.transfer(ann, bob, 20000),
       partial: () => bank.atomically(() => {
         bob.post(-100, 'a');
         cy.post(100, 'b');
         throw new BankError('changed my mind');
       }),
       notEmpty: () => cy.close(),
       closed: () => {
         bank.transfer(cy, bob, cy.balance);
         cy.close();
         cy.post(1, 'late');
       },
     })) {
  try {
    attempt();
    console.log(what, 'ok');
  } catch (error) {
    console.log(
        what, '|', error.name, '|', error.message, '|', error.shortfall, error instanceof BankError,
        error instanceof InsufficientFunds);
  }
}
for (let month = 0; month < 12; month++)
  bank.accounts.forEach((account) => {
    try {
      account.monthEnd();
    } catch (e) {
      bank.ledger.push(e.name);
    }
  });
console.log(bank.ledger.join());
console.log([...bank.accounts.values()].sort(Account.compare).map(String), Money.format(bank.total));
console.log(ann.history.slice(-2), bob.history.length, cy);
try {
  cy.balance = 5;
  console.log(cy.balance);
  (() => {
    'use strict';
    cy.balance = 5;
  })();
} catch (e) {
  console.log(e.message);
}
console.log(Object.keys(ann), JSON.stringify(cy), 'bank' in ann);

// SPDX-License-Identifier: MIT
// What embedders rely on: sites, interrupts, limits, exit codes, order of events.

#include "test_runtime.h"

namespace heaplab::interp::test {
namespace {

using RuntimeTest = ProgramTest;

TEST_P(RuntimeTest, DeepRecursionIsARangeErrorHoweverItRecurses) {
  EXPECT_EQ(world.run(R"(
    const attempt = f => { try { f(); return 'returned'; } catch (e) { return e instanceof RangeError && e.message; } };
    function plain() { return plain() + 1; }
    const native = () => [1].map(native);
    const getter = { get x() { return this.x; } };
    const convert = { toString() { return String(convert); } };
    console.log(attempt(plain)); console.log(attempt(native));
    console.log(attempt(() => getter.x)); console.log(attempt(() => `${convert}`));)"),
            0);
  const std::string line = "Maximum call stack size exceeded\n";
  EXPECT_EQ(world.out, line + line + line + line);
}

TEST_P(RuntimeTest, UncaughtErrorsAreReportedAsNodeDoes) {
  EXPECT_EQ(world.run("function f() {\n  throw new TypeError('bad');\n}\nf();\n"), 1);
  EXPECT_EQ(world.err.substr(0, world.err.find("\n    at f")),
            "/test.js:2\n  throw new TypeError('bad');\n  ^\n\nTypeError: bad");
}

TEST_P(RuntimeTest, UnhandledRejectionsEndTheProgram) {
  EXPECT_EQ(world.run("Promise.reject(new Error('lost')); setTimeout(() => console.log('no'), 1);"),
            1);
  EXPECT_EQ(world.out, "");
  EXPECT_NE(world.err.find("Error: lost"), std::string::npos);
}

TEST_P(RuntimeTest, JobsRunInNodesOrder) {
  EXPECT_EQ(world.run(R"(
    const log = []; const p = s => () => log.push(s);
    const last = () => { log.push('immediate'); console.log(log.join()); };
    setTimeout(() => { log.push('timeout'); setImmediate(last); }, 0);
    Promise.resolve().then(p('micro1')).then(p('micro2'));
    process.nextTick(p('tick')); queueMicrotask(p('micro1b'));
    (async () => { log.push('async'); await null; log.push('awaited'); })();
    log.push('main');)"),
            0);
  EXPECT_EQ(world.out, "async,main,tick,micro1,micro1b,awaited,micro2,timeout,immediate\n");
}

TEST_P(RuntimeTest, InterruptsReachALoopWithoutCalls) {
  int count = 0;
  rt.set_interrupt_handler([&] {
    ++count;
    EXPECT_NE(rt.current_site().template_id, AllocationSite::no_template);
    if (count < 3) rt.request_interrupt();
  });
  rt.request_interrupt();
  EXPECT_EQ(world.run("let n = 0; for (let i = 0; i < 1000; i++) n += i; console.log(n);"), 0);
  EXPECT_EQ(count, 3);
  EXPECT_EQ(world.out, "499500\n");
}

/// Remembers where the largest allocation happened.
class SiteObserver : public ObjectObserver {
 public:
  explicit SiteObserver(Runtime& runtime) : runtime_(runtime) {}
  void on_allocate(Object*, std::size_t bytes) override {
    if (bytes <= largest) return;
    largest = bytes;
    site = runtime_.current_site();
  }
  std::size_t largest = 0;
  AllocationSite site;

 private:
  Runtime& runtime_;
};

TEST_P(RuntimeTest, AllocationsKnowTheirPlace) {
  SiteObserver observer(rt);
  world.heap->set_observer(&observer);
  EXPECT_EQ(world.run("function grow() {\n  return new Array(90000).fill(1);\n}\ngrow();\n"), 0);
  world.heap->set_observer(nullptr);
  const SourceLocation at = rt.resolve(observer.site);
  EXPECT_EQ(at.file, "/test.js");
  EXPECT_EQ(at.line, 2u);
  EXPECT_EQ(at.function, "grow");
}

TEST_P(RuntimeTest, GeneratorsSuspendAnywhere) {
  EXPECT_EQ(world.run(R"(
    function* inner() { try { const got = yield 1; yield got * 2; } finally { yield 'cleanup'; } }
    function* outer() { const r = yield* inner(); return r; }
    const g = outer();
    console.log(g.next().value, g.next(21).value, g.return('over').value, g.next().value, g.next().done);
    let sum = 0;
    for (const v of (function* () { for (let i = 0; i < 100; i++) yield i; })()) { if (v > 90) break; sum += v; }
    console.log(sum, [...inner()].join());)"),
            0);
  EXPECT_EQ(world.out, "1 42 cleanup over true\n4095 1,NaN,cleanup\n");
}

HEAPLAB_IN_ALL_MODES(RuntimeTest);

}  // namespace
}  // namespace heaplab::interp::test

// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "heaplab/heap/access_table.h"
#include "heaplab/heap/heap.h"
#include "heaplab/interp/atom.h"
#include "heaplab/interp/call.h"
#include "heaplab/interp/event_loop.h"
#include "heaplab/interp/function.h"
#include "heaplab/interp/object.h"

namespace heaplab::interp {

class Machine;

enum class Intrinsic : std::uint16_t {
#define INTRINSIC(name) name,
#include "heaplab/interp/intrinsics.def"
#undef INTRINSIC
  count
};

/// Where guest code is: instruction `pc` of function template `template_id`. Cheap to take (the
/// recorder takes one per allocation), resolved when somebody wants to read it.
struct AllocationSite {
  static constexpr std::uint32_t no_template = 0xffff'ffffu;  ///< no guest code is running
  std::uint32_t template_id = no_template;
  std::uint32_t pc = 0;
  friend bool operator==(AllocationSite, AllocationSite) = default;
};

struct SourceLocation {
  std::string file;
  std::uint32_t line = 0;  ///< from 1; 0: unknown
  std::uint32_t column = 0;
  std::string function;  ///< "" for anonymous functions
};

/// What an embedder chooses.
struct RuntimeOptions {
  std::vector<std::string> argv;  ///< process.argv from the third on
  std::string script_path;        ///< process.argv[1]
  std::string executable_path;    ///< process.argv[0]
  bool expose_gc = false;
  /// Frames a stack trace has by default (Error.stackTraceLimit).
  std::uint32_t stack_trace_limit = 10;
  /// Depth of guest calls, then RangeError "Maximum call stack size exceeded".
  std::uint32_t max_frames = 20000;
  /// Depth of C++ calling guest code calling C++...
  std::uint32_t max_native_depth = 400;
  /// Where the program's output goes; null: the process's own stdout and stderr.
  std::function<void(std::string_view)> write_out;
  std::function<void(std::string_view)> write_error;
};

/// One running JavaScript world: realm, code, call stack, event loop, on one heap of its own.
/// Several may exist in a process; each belongs to one thread.
class Runtime : public RootProvider, public WeakRootProvider {
 public:
  /// The heap must be fresh (its type ids are taken), and outlive the runtime.
  Runtime(Heap& heap, RuntimeOptions options);
  ~Runtime() override;
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  Heap& heap() { return heap_; }
  const RuntimeOptions& options() const { return options_; }
  const CommonAtoms& atoms() const { return common_atoms_; }
  AtomTable& atom_table() { return atom_table_; }
  EventLoop& event_loop() { return event_loop_; }
  Machine& machine() { return *machine_; }

  /// \name Realm
  /// @{
  JSObject* global() const { return global_; }
  JSObject* intrinsic(Intrinsic which) const {
    return intrinsics_[static_cast<std::size_t>(which)];
  }
  void set_intrinsic(Intrinsic which, JSObject* object) {
    intrinsics_[static_cast<std::size_t>(which)] = object;
  }
  Shape* array_shape() const { return shapes_.array; }
  Shape* function_shape() const { return shapes_.function; }
  /// The root shape of plain objects with that many in-object slots.
  Shape* object_shape(std::uint32_t slots);
  /// The root shape of objects without a prototype.
  Shape* null_prototype_shape(std::uint32_t slots);
  Shape* iterator_result_shape();
  WordArray* empty_elements() const { return empty_elements_; }
  /// @}

  /// \name Names and code. May collect.
  /// @{
  String* intern(std::string_view latin1) { return atom_table_.intern_latin1(latin1); }
  PropertyKey key(std::string_view latin1);
  /// Takes a compiled program (compile_module, ...) and returns a function that runs it.
  JSFunction* instantiate(std::unique_ptr<FunctionTemplate> program);
  FunctionCode& code(std::uint32_t template_id) { return *codes_[template_id]; }
  std::size_t code_count() const { return codes_.size(); }
  /// Names and caches of a function that is about to run for the first time.
  void prepare(FunctionCode& code);
  /// @}

  /// \name Exceptions
  /// @{
  Value exception() const { return exception_; }
  void set_exception(Value value) { exception_ = value; }
  Value take_exception() {
    const Value value = exception_;
    exception_ = Value::undefined();
    return value;
  }
  /// @}

  /// Remembers where the exception was thrown, for the report if nobody catches it.
  void note_throw_site() {
    throw_site_ = current_site();
    from_rejection_ = false;
  }
  AllocationSite throw_site() const { return throw_site_; }
  void set_throw_site(AllocationSite site) { throw_site_ = site; }
  /// An unhandled rejection becomes the exception: it was thrown where its error was made.
  void note_rejection(Value reason);
  bool is_from_rejection() const { return from_rejection_; }

  /// \name Where is the program? Never collect.
  /// @{
  AllocationSite current_site() const;
  /// The stack, innermost first, at most `limit` entries; native functions are left out.
  std::vector<AllocationSite> current_stack(std::size_t limit) const;
  /// A hash of what current_stack would say, in a fraction of its time.
  std::uint64_t stack_fingerprint(std::size_t limit) const;
  SourceLocation resolve(AllocationSite site) const;
  /// Where a function or class was defined.
  SourceLocation definition_of(const FunctionTemplate& function) const;
  /// @}

  /// \name Interrupts: a cheap way to be called from the running program's loops and calls.
  /// @{
  /// From any thread or signal handler: the handler runs at the next loop back-edge or call.
  void request_interrupt() { interrupt_requested_.store(true, std::memory_order_relaxed); }
  bool interrupt_requested() const { return interrupt_requested_.load(std::memory_order_relaxed); }
  /// Runs at a safepoint: may allocate and collect, may throw.
  void set_interrupt_handler(std::function<void()> handler) {
    interrupt_handler_ = std::move(handler);
  }
  void handle_interrupt();
  /// @}

  /// Null: nobody. Set it while no guest code is running.
  void set_access_table(AccessTable* table) { access_table_ = table; }
  AccessTable* access_table() const { return access_table_; }

  /// \name Output of the program
  /// @{
  void write_out(std::string_view text);
  void write_error(std::string_view text);
  /// @}

  /// Bytes in array buffers: process.memoryUsage().arrayBuffers. Outlives the runtime.
  const std::shared_ptr<std::int64_t>& array_buffer_total() const { return array_buffer_total_; }

  /// \name For the VM and the object model
  /// @{
  std::uint32_t prototype_epoch() const { return prototype_epoch_; }
  void bump_prototype_epoch() { ++prototype_epoch_; }
  RootLink*& rooted_links() { return rooted_links_; }
  RootedValues*& rooted_lists() { return rooted_lists_; }
  /// The shape that stands for a primitive in inline caches; null for objects and nullish values.
  Shape* primitive_shape(Value primitive) const;
  /// The object whose properties a primitive has; null if nullish.
  JSObject* primitive_prototype(Value primitive) const;
  String* single_character(char16_t unit);
  std::uint32_t next_symbol_hash() {
    return symbol_hash_ = symbol_hash_ * 0x9e3779b1u + 0x7f4a7c15u;
  }
  Symbol* internal_symbol_root_shapes() const { return root_shapes_symbol_; }
  /// Rejections nobody handles yet, for EventLoop::drain.
  std::vector<Value>& pending_rejections() { return pending_rejections_; }
  /// WeakRef: keeps an object alive until the current job ends.
  void keep_during_job(Value value) { kept_alive_.push_back(value); }
  void clear_kept_objects() { kept_alive_.clear(); }
  /// @}

  /// More roots, for built-ins with tables of their own: visited (and named) with the runtime's.
  void add_named_root(std::string name, Value* slot) {
    named_roots_.push_back({std::move(name), slot});
  }
  /// A place for a module's C++ state, destroyed with the runtime: one object per type T.
  template <class T, class... A>
  T& state(A&&... args) {
    static const char key = 0;
    for (auto& [k, pointer] : states_) {
      if (k == &key) return *static_cast<T*>(pointer.get());
    }
    auto made = std::make_shared<T>(std::forward<A>(args)...);
    states_.emplace_back(&key, made);
    return *made;
  }

  void visit_roots(RootVisitor& visitor) override;
  std::string_view roots_name() const override { return "(Runtime)"; }
  void process_weak_roots(const Liveness& liveness) override;

 private:
  friend class Machine;
  struct RealmShapes {
    Shape* array = nullptr;
    Shape* function = nullptr;
    Shape* objects[33] = {};
    Shape* null_prototype[33] = {};
    Shape* iterator_result = nullptr;
    Shape* string = nullptr;
    Shape* number = nullptr;
    Shape* boolean = nullptr;
    Shape* symbol = nullptr;
  };
  struct NamedRoot {
    std::string name;
    Value* slot;
  };

  void make_core_realm();
  void make_common_atoms();
  void add_code(const FunctionTemplate& function, std::uint32_t id);
  void visit_realm(RootVisitor& visitor);
  void visit_codes(RootVisitor& visitor);
  void visit_rooted(RootVisitor& visitor);
  static void update_cache(CacheEntry& entry, const Liveness& liveness);

  Heap& heap_;
  RuntimeOptions options_;
  RootLink* rooted_links_ = nullptr;
  RootedValues* rooted_lists_ = nullptr;
  std::uint32_t prototype_epoch_ = 1;
  std::uint32_t symbol_hash_ = 1;
  std::atomic<bool> interrupt_requested_{false};
  Value exception_ = Value::undefined();
  AllocationSite throw_site_;
  bool from_rejection_ = false;
  CommonAtoms common_atoms_;
  WordArray* empty_elements_ = nullptr;
  JSObject* global_ = nullptr;
  JSObject* intrinsics_[static_cast<std::size_t>(Intrinsic::count)] = {};
  RealmShapes shapes_;
  Symbol* root_shapes_symbol_ = nullptr;
  String* characters_[256] = {};
  AtomTable atom_table_;
  std::unique_ptr<Machine> machine_;
  EventLoop event_loop_;
  std::function<void()> interrupt_handler_;
  AccessTable* access_table_ = nullptr;
  std::vector<std::unique_ptr<FunctionCode>> codes_;
  std::vector<std::unique_ptr<FunctionTemplate>> programs_;
  std::vector<Value> pending_rejections_;
  std::shared_ptr<std::int64_t> array_buffer_total_ = std::make_shared<std::int64_t>(0);
  std::vector<Value> kept_alive_;
  std::vector<NamedRoot> named_roots_;
  std::vector<std::pair<const void*, std::shared_ptr<void>>> states_;
};

// GCC 12 warns that the list points at a local variable: it does, until the destructor unlinks it.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdangling-pointer"
#endif
inline RootLink::RootLink(Runtime& runtime, Value value)
    : value_(value), head_(&runtime.rooted_links()), previous_(*head_) {
  *head_ = this;
}
inline RootedValues::RootedValues(Runtime& runtime)
    : head_(&runtime.rooted_lists()), previous_(*head_) {
  *head_ = this;
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

template <class T>
T* new_exotic(Runtime& runtime, HeapType type, JSObject* prototype) {
  return static_cast<T*>(new_exotic_object(runtime, type, prototype));
}

/// Fills in the realm: the built-ins' only entrance. Called once by run_script and by tests.
/// May collect; throws nothing in a sound build.
void install_builtins(Runtime& runtime);

/// \name For embedders
/// @{
/// Loads a CommonJS main module (as require() would), runs it and then the event loop. Returns the
/// process exit code; uncaught errors are reported on the error output as Node does. OutOfMemory
/// passes through.
int run_file(Runtime& runtime, const std::string& path);
/// The same for a text; `name` is what stack traces call it. Compiled as a module body.
int run_text(Runtime& runtime, const std::string& name, std::string_view utf8);
/// Node's report of an uncaught error: where, the source line, the stack.
std::string uncaught_report(Runtime& runtime, Value error);
/// @}

}  // namespace heaplab::interp

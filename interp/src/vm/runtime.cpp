// SPDX-License-Identifier: MIT
#include "heaplab/interp/runtime.h"

#include <fmt/format.h>

#include <cstdio>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/source.h"
#include "vm/machine.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

Heap& with_types(Heap& heap) {
  register_types(heap);
  return heap;
}

template <class T>
void visit_object(RootVisitor& visitor, T*& pointer) {
  auto* object = static_cast<Object*>(pointer);
  visitor.object(&object);
  pointer = static_cast<T*>(object);
}

void visit_value(RootVisitor& visitor, Value& value) {
  auto* word = reinterpret_cast<std::uint64_t*>(&value);
  visitor.words(word, word + 1);
}

}  // namespace

Runtime::Runtime(Heap& heap, RuntimeOptions options)
    : heap_(with_types(heap)),
      options_(std::move(options)),
      atom_table_(*this),
      machine_(std::make_unique<Machine>(*this)),
      event_loop_(*this) {
  heap_.add_root_provider(this);
  heap_.add_weak_root_provider(this);
  make_core_realm();
}

Runtime::~Runtime() {
  heap_.remove_weak_root_provider(this);
  heap_.remove_root_provider(this);
}

PropertyKey Runtime::key(std::string_view latin1) { return to_property_key(*this, intern(latin1)); }

String* Runtime::single_character(char16_t unit) {
  assert(unit <= 0xff && "only Latin-1 characters are kept");
  return characters_[unit];
}

// ---- Code -------------------------------------------------------------------------------------

/// Ids of a function's nested functions follow each other, so that MakeClosure needs one addition.
void Runtime::add_code(const FunctionTemplate& function, std::uint32_t id) {
  FunctionCode& code = *codes_[id];
  code.source = &function;
  code.id = id;
  code.is_class = function.is_class_constructor();
  code.is_constructor = function.is_constructor();
  code.suspends = function.is_async || function.is_generator;
  code.nested_base = static_cast<std::uint32_t>(codes_.size());
  const std::uint32_t first = code.nested_base;
  for (std::size_t i = 0; i < function.functions.size(); ++i) {
    codes_.push_back(std::make_unique<FunctionCode>());
  }
  for (std::size_t i = 0; i < function.functions.size(); ++i) {
    add_code(*function.functions[i], first + static_cast<std::uint32_t>(i));
  }
}

JSFunction* Runtime::instantiate(std::unique_ptr<FunctionTemplate> program) {
  const auto id = static_cast<std::uint32_t>(codes_.size());
  codes_.push_back(std::make_unique<FunctionCode>());
  add_code(*program, id);
  programs_.push_back(std::move(program));
  return new_function(*this, *codes_[id], nullptr);
}

void Runtime::prepare(FunctionCode& code) {
  const FunctionTemplate& source = *code.source;
  const auto make = [this](std::size_t count) {
    return static_cast<WordArray*>(
        heap_.allocate_old(type_id(HeapType::WordArray), static_cast<std::uint32_t>(count)));
  };
  code.names = make(source.names.size());
  code.constants = make(source.constants.size());
  code.objects = make(source.template_objects.size());
  for (std::uint32_t i = 0; i < source.names.size(); ++i) {
    String* name = atom_table_.intern(source.names[i]);
    write_element(heap_, code.names, i, Value(name));
  }
  for (std::uint32_t i = 0; i < source.constants.size(); ++i) {
    const Constant& constant = source.constants[i];
    const Value value = std::holds_alternative<double>(constant)
                            ? Value::number(std::get<double>(constant))
                            : Value(atom_table_.intern(std::get<std::u16string>(constant)));
    write_element(heap_, code.constants, i, value);
  }
  code.caches = std::make_unique<InlineCache[]>(source.cache_count);
  code.prepared = true;
}

// ---- Where is the program? --------------------------------------------------------------------

AllocationSite Runtime::current_site() const {
  for (const Frame* frame = machine_->top(); frame > machine_->bottom(); --frame) {
    if (frame->code) {
      return {frame->code->id,
              static_cast<std::uint32_t>(frame->pc - frame->code->source->code.data())};
    }
  }
  return {};
}

std::vector<AllocationSite> Runtime::current_stack(std::size_t limit) const {
  std::vector<AllocationSite> sites;
  for (const Frame* frame = machine_->top(); frame > machine_->bottom() && sites.size() < limit;
       --frame) {
    if (!frame->code) continue;
    sites.push_back({frame->code->id,
                     static_cast<std::uint32_t>(frame->pc - frame->code->source->code.data())});
  }
  return sites;
}

std::uint64_t Runtime::stack_fingerprint(std::size_t limit) const {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15u;
  std::uint64_t hash = 0, factor = odd;
  // Products do not wait for each other, as the steps of a chained hash would.
  for (const Frame* frame = machine_->top(); frame > machine_->bottom() && limit != 0; --frame) {
    if (!frame->code) continue;
    hash += reinterpret_cast<std::uintptr_t>(frame->pc) * factor;
    factor = factor * 5 + 2;
    --limit;
  }
  return hash ^ hash >> 32;
}

SourceLocation Runtime::resolve(AllocationSite site) const {
  if (site.template_id >= codes_.size()) return {};
  const FunctionTemplate& function = *codes_[site.template_id]->source;
  const LineColumn at = function.position_at(site.pc);
  return {function.source->name(), at.line, at.column, utf16_to_utf8(function.name)};
}

SourceLocation Runtime::definition_of(const FunctionTemplate& function) const {
  const LineColumn at = function.source->line_column(function.position);
  return {function.source->name(), at.line, at.column, utf16_to_utf8(function.name)};
}

void Runtime::note_rejection(Value reason) {
  from_rejection_ = true;
  throw_site_ = {};
  if (reason.is_object()) captured_site(reason.as_object(), &throw_site_);
}

void Runtime::handle_interrupt() {
  interrupt_requested_.store(false, std::memory_order_relaxed);
  if (interrupt_handler_) interrupt_handler_();
}

void Runtime::write_out(std::string_view text) {
  if (options_.write_out) {
    options_.write_out(text);
  } else {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }
}

void Runtime::write_error(std::string_view text) {
  if (options_.write_error) {
    options_.write_error(text);
  } else {
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
}

// ---- Primitives -------------------------------------------------------------------------------

JSObject* Runtime::primitive_prototype(Value primitive) const {
  if (primitive.is_string()) return intrinsic(Intrinsic::StringPrototype);
  if (primitive.is_number()) return intrinsic(Intrinsic::NumberPrototype);
  if (primitive.is_boolean()) return intrinsic(Intrinsic::BooleanPrototype);
  if (primitive.is_symbol()) return intrinsic(Intrinsic::SymbolPrototype);
  return nullptr;
}

Shape* Runtime::primitive_shape(Value primitive) const {
  if (primitive.is_string()) return shapes_.string;
  if (primitive.is_number()) return shapes_.number;
  if (primitive.is_boolean()) return shapes_.boolean;
  return shapes_.symbol;
}

// ---- Roots ------------------------------------------------------------------------------------

void Runtime::visit_roots(RootVisitor& visitor) {
  visit_realm(visitor);
  visit_codes(visitor);
  visit_rooted(visitor);
}

void Runtime::visit_realm(RootVisitor& visitor) {
  const auto name = [&visitor](std::string_view text) {
    if (visitor.wants_names()) visitor.name(text);
  };
  name("global");
  visit_object(visitor, global_);
  for (NamedRoot& root : named_roots_) {
    name(root.name);
    visit_value(visitor, *root.slot);
  }
  name("exception");
  visit_value(visitor, exception_);
  name("unhandled rejection");
  for (Value& value : pending_rejections_) visit_value(visitor, value);
  name("kept until the job ends");
  for (Value& value : kept_alive_) visit_value(visitor, value);
  name("intrinsic");
  for (JSObject*& object : intrinsics_) visit_object(visitor, object);
  visit_object(visitor, empty_elements_);
  visit_object(visitor, root_shapes_symbol_);
  auto** shape = reinterpret_cast<Object**>(&shapes_);
  for (std::size_t i = 0; i < sizeof shapes_ / sizeof(Shape*); ++i) visitor.object(shape + i);
  name("name");
  auto** atom = reinterpret_cast<Object**>(&common_atoms_);
  for (std::size_t i = 0; i < sizeof common_atoms_ / sizeof(String*); ++i) visitor.object(atom + i);
  for (String*& character : characters_) visit_object(visitor, character);
}

void Runtime::visit_codes(RootVisitor& visitor) {
  for (const auto& code : codes_) {
    if (!code->names) continue;
    if (visitor.wants_names()) {
      const SourceLocation at = definition_of(*code->source);
      visitor.name(fmt::format("code of {} ({}:{})", at.function, at.file, at.line));
    }
    visit_object(visitor, code->names);
    visit_object(visitor, code->constants);
    visit_object(visitor, code->objects);
  }
}

void Runtime::visit_rooted(RootVisitor& visitor) {
  if (visitor.wants_names()) visitor.name("native code");
  for (RootLink* link = rooted_links_; link; link = link->previous_) {
    visit_value(visitor, link->value_);
  }
  for (RootedValues* list = rooted_lists_; list; list = list->previous_) {
    auto* begin = reinterpret_cast<std::uint64_t*>(list->values_.data());
    visitor.words(begin, begin + list->values_.size());
  }
}

void Runtime::update_cache(CacheEntry& entry, const Liveness& liveness) {
  if (entry.shape == CacheEntry::no_shape) return;
  const Object* shape = liveness.survivor(decompress(entry.shape));
  const Object* next = entry.new_shape ? liveness.survivor(decompress(entry.new_shape)) : nullptr;
  if (!shape || (entry.new_shape && !next)) {
    entry = CacheEntry{};
    return;
  }
  entry.shape = compress(shape);
  entry.new_shape = next ? compress(next) : 0;
}

/// Inline caches. Shapes are allocated in old space: a minor collection neither moves nor frees
/// them.
void Runtime::process_weak_roots(const Liveness& liveness) {
  if (liveness.minor()) return;
  for (const auto& code : codes_) {
    if (!code->caches) continue;
    for (std::size_t i = 0; i < code->source->cache_count; ++i) {
      InlineCache& cache = code->caches[i];
      update_cache(cache.first, liveness);
      for (unsigned k = 0; cache.more && k < InlineCache::more_count; ++k) {
        update_cache(cache.more[k], liveness);
      }
    }
  }
}

}  // namespace heaplab::interp

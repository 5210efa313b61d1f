// SPDX-License-Identifier: MIT
// The iterators of maps, sets, strings and lists of matches.
#include "collections.h"
#include "install.h"
#include "string.h"
#include "support.h"

namespace heaplab::interp::builtins {

JSCollectionIterator* new_collection_iterator(Runtime& runtime, IteratorKind kind, Value source,
                                              JSObject* prototype) {
  RootedValue from(runtime, source);
  auto* iterator =
      new_exotic<JSCollectionIterator>(runtime, HeapType::CollectionIterator, prototype);
  iterator->set_payload(static_cast<std::uint32_t>(kind));
  runtime.heap().write(iterator, iterator->source_, from.get().word());
  return iterator;
}

namespace {

IteratorKind kind_of(const JSCollectionIterator* iterator) {
  return static_cast<IteratorKind>(iterator->payload());
}

Value pair(Runtime& runtime, Value first, Value second) {
  const Value both[] = {first, second};
  return new_array_from(runtime, both);
}

Value entry_value(Runtime& runtime, IteratorKind kind, const Word* entry) {
  const Value key = Value::from(entry[0]);
  switch (kind) {
    case IteratorKind::map_values:
      return Value::from(entry[1]);
    case IteratorKind::map_entries:
      return pair(runtime, key, Value::from(entry[1]));
    case IteratorKind::set_entries:
      return pair(runtime, key, key);
    default:
      return key;
  }
}

// The next value, or false at the end.
bool advance_table(Runtime& runtime, JSCollectionIterator* iterator, Value* out) {
  std::uint64_t position = iterator->position_;
  OrderedTable* table = current_table(Value::from(iterator->source_).as<OrderedTable>(), &position);
  const bool found = next_entry(table, &position);
  runtime.heap().write(iterator, iterator->source_,
                       found ? Word(table) : Value::undefined().word());
  iterator->position_ = position + 1;
  if (found) {
    *out =
        entry_value(runtime, kind_of(iterator), table->entry(static_cast<std::uint32_t>(position)));
  }
  return found;
}

bool advance_string(Runtime& runtime, JSCollectionIterator* iterator, Value* out) {
  String* text = Value::from(iterator->source_).as_string();
  const auto at = static_cast<std::uint32_t>(iterator->position_);
  if (at >= text->length()) return false;
  const char16_t first = char_at(text, at);
  const bool is_pair = first >= 0xd800 && first <= 0xdbff && at + 1 < text->length() &&
                       (char_at(text, at + 1) & 0xfc00) == 0xdc00;
  iterator->position_ = at + (is_pair ? 2 : 1);
  *out = is_pair ? Value(substring(runtime, text, at, at + 2))
                 : Value(string_from_char(runtime, first));
  return true;
}

bool advance_list(JSCollectionIterator* iterator, Value* out) {
  const JSObject* list = Value::from(iterator->source_).as_object();
  if (iterator->position_ >= list->length_) return false;
  *out = dense_element(list, static_cast<std::uint32_t>(iterator->position_++));
  return true;
}

bool advance(Runtime& runtime, JSCollectionIterator* iterator_arg, Value* out) {
  if (Value::from(iterator_arg->source_).is_undefined()) return false;
  Rooted<JSCollectionIterator> iterator(runtime, iterator_arg);
  bool found = false;
  switch (kind_of(iterator_arg)) {
    case IteratorKind::string:
      found = advance_string(runtime, iterator_arg, out);
      break;
    case IteratorKind::list:
      found = advance_list(iterator_arg, out);
      break;
    default:
      found = advance_table(runtime, iterator_arg, out);
      break;
  }
  if (!found) {
    runtime.heap().write(iterator.get(), iterator->source_, Value::undefined().word());
  }
  return found;
}

Value iterator_next(Runtime& runtime, Arguments& args) {
  auto* iterator = this_as<JSCollectionIterator>(runtime, args, HeapType::CollectionIterator,
                                                 "Iterator.prototype.next");
  Value value = Value::undefined();
  const bool found = advance(runtime, iterator, &value);
  return new_iterator_result(runtime, found ? value : Value::undefined(), !found);
}

Value string_iterator(Runtime& runtime, Arguments& args) {
  String* text = this_string(runtime, args, "String.prototype[Symbol.iterator]");
  return new_collection_iterator(runtime, IteratorKind::string, Value(text),
                                 runtime.intrinsic(Intrinsic::StringIteratorPrototype));
}

const NativeInfo next_info[] = {{"next", 0, iterator_next}};
const NativeInfo string_iterator_info{"[Symbol.iterator]", 0, string_iterator};

void make_iterator_prototype(Runtime& runtime, Intrinsic which, std::string_view tag) {
  Rooted<JSObject> prototype(
      runtime, new_object_with_prototype(runtime, runtime.intrinsic(Intrinsic::IteratorPrototype)));
  runtime.set_intrinsic(which, prototype.get());
  define_methods(runtime, prototype.get(), next_info);
  define_tag(runtime, prototype.get(), tag);
}

}  // namespace

void preview_iterator(Runtime& runtime, JSCollectionIterator* iterator_arg, RootedValues* out) {
  Rooted<JSCollectionIterator> iterator(runtime, iterator_arg);
  RootedValue source(runtime, Value::from(iterator->source_));
  const std::uint64_t position = iterator->position_;
  Value value;
  while (advance(runtime, iterator.get(), &value)) out->push_back(value);
  runtime.heap().write(iterator.get(), iterator->source_, source.get().word());
  iterator->position_ = position;
}

void install_iterators(Runtime& runtime) {
  make_iterator_prototype(runtime, Intrinsic::MapIteratorPrototype, "Map Iterator");
  make_iterator_prototype(runtime, Intrinsic::SetIteratorPrototype, "Set Iterator");
  make_iterator_prototype(runtime, Intrinsic::StringIteratorPrototype, "String Iterator");
  make_iterator_prototype(runtime, Intrinsic::RegExpStringIteratorPrototype,
                          "RegExp String Iterator");
}

void install_string_iterator(Runtime& runtime) {
  define_method(runtime, runtime.intrinsic(Intrinsic::StringPrototype),
                PropertyKey(runtime.atoms().symbol_iterator), string_iterator_info);
}

}  // namespace heaplab::interp::builtins

// SPDX-License-Identifier: MIT
#include "heaplab/interp/token.h"

namespace heaplab::interp {

std::string_view token_text(TokenKind kind) {
  switch (kind) {
#define X(name, text)   \
  case TokenKind::name: \
    return text;
    HEAPLAB_PUNCTUATORS(X)
    HEAPLAB_KEYWORDS(X)
#undef X
    default:
      return "";
  }
}

SourceNames::SourceNames() {
#define X(name, text) intern(std::string_view(text))->keyword = TokenKind::name;
  HEAPLAB_KEYWORDS(X)
#undef X
  const auto word = [this](std::string_view text) { return intern(text); };
  let = word("let");
  static_ = word("static");
  yield = word("yield");
  await = word("await");
  async = word("async");
  of = word("of");
  get = word("get");
  set = word("set");
  eval = word("eval");
  arguments = word("arguments");
  constructor = word("constructor");
  prototype = word("prototype");
  proto = word("__proto__");
  target = word("target");
  use_strict = word("use strict");
  implements = word("implements");
  interface = word("interface");
  package = word("package");
  private_ = word("private");
  protected_ = word("protected");
  public_ = word("public");
  this_ = word("this");
  new_target = word("new.target");
  active_function = word("(active function)");
  default_ = word("default");
  meta = word("meta");
  private_constructor = word("#constructor");
  empty = word("");
}

Atom SourceNames::intern(std::u16string_view text) {
  if (const auto found = entries_.find(text); found != entries_.end()) return found->second.get();
  auto entry = std::make_unique<AtomEntry>();
  entry->text = text;
  const Atom atom = entry.get();
  entries_.emplace(std::u16string_view(atom->text), std::move(entry));
  return atom;
}

Atom SourceNames::intern(std::string_view ascii) {
  return intern(std::u16string_view(std::u16string(ascii.begin(), ascii.end())));
}

}  // namespace heaplab::interp

// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "values.h"

namespace lisp {

/// The value as a programmer would write it. Never collects. Lists nested, or longer, than anyone
/// would read end in `…`, so a list that contains itself can be printed too.
std::string to_text(const Values& values, Word value);

}  // namespace lisp

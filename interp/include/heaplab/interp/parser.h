// SPDX-License-Identifier: MIT
// Source text to syntax tree, with all early errors that need no scopes.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "heaplab/interp/ast.h"
#include "heaplab/interp/source.h"

namespace heaplab::interp {

/// Parses `source` as the body of a sloppy function with the given parameter names into `program`.
/// Throws SyntaxError.
void parse_function_body(const std::shared_ptr<const Source>& source,
                         std::span<const std::u16string> parameters, Program& program);

}  // namespace heaplab::interp

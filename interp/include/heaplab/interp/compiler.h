// SPDX-License-Identifier: MIT
// From source text to bytecode: the front end's one entrance.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "heaplab/interp/bytecode.h"
#include "heaplab/interp/source.h"

namespace heaplab::interp {

/// Compiles `source` as the body of a sloppy-mode function whose parameters are `parameters`
/// ('use strict' is honoured, `return` is allowed at the top level).
/// \post the result is a FunctionKind::Normal template whose top-level variables are its locals.
/// Throws SyntaxError.
std::unique_ptr<FunctionTemplate> compile_function_body(std::shared_ptr<const Source> source,
                                                        std::span<const std::u16string> parameters);

/// A CommonJS module: function (exports, require, module, __filename, __dirname) { source }.
std::unique_ptr<FunctionTemplate> compile_module(std::shared_ptr<const Source> source);

/// A function body without parameters.
std::unique_ptr<FunctionTemplate> compile_script(std::shared_ptr<const Source> source);

}  // namespace heaplab::interp

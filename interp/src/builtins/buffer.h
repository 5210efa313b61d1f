// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "heaplab/interp/runtime.h"
#include "typed_array_support.h"

namespace heaplab::interp::builtins {

/// A Buffer with a copy of these bytes. May collect.
Value new_buffer(Runtime& runtime, std::string_view bytes);

enum class Encoding { utf8, latin1, ascii, hex, base64, base64url, utf16le };
std::optional<Encoding> parse_encoding(std::string_view name);
/// undefined: utf8. Throws ERR_UNKNOWN_ENCODING.
Encoding encoding_argument(Runtime& runtime, Value value);
std::string encode_text(std::u16string_view text, Encoding encoding);
std::u16string decode_bytes(std::string_view bytes, Encoding encoding);
std::string_view bytes_of(const JSTypedArray* array);

void install_buffer_numbers(Runtime& runtime, JSObject* prototype);

}  // namespace heaplab::interp::builtins

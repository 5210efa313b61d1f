// SPDX-License-Identifier: MIT
#include "heaplab/inspector/property_name.h"

#include <nlohmann/json.hpp>

namespace heaplab::inspector {

std::string format_property_name(std::string_view name) {
  if (name.find_first_of(",'\"{}") == std::string_view::npos) return std::string(name);
  using Json = nlohmann::json;
  return Json(name).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::size_t utf16_length(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continuation = (byte & 0xc0) == 0x80;
    const bool needs_two_units = byte >= 0xf0;
    length += continuation ? 0 : needs_two_units ? 2 : 1;
  }
  return length;
}

}  // namespace heaplab::inspector

// SPDX-License-Identifier: MIT
#include "sizes.h"

#include <fmt/format.h>

#include "heaplab/support/format.h"
#include "heaplab/support/text.h"
#include "verbs.h"

namespace heaplab::cli {

std::uint64_t parse_size(const std::string& text, const char* option, std::uint64_t least,
                         std::uint64_t most, std::uint64_t unit) {
  auto size = parse_bytes(text);
  if (!size) {
    throw UsageError(
        fmt::format("{}={}: expected a size, as in 4096, 64K or 1.5MiB", option, printable(text)));
  }
  const bool has_unit = text.find_first_not_of("0123456789.") != std::string::npos;
  if (!has_unit && unit != 1) size = *size > most / unit ? most + 1 : *size * unit;
  if (*size < least || *size > most) {
    throw UsageError(fmt::format("{}={}: expected a size from {} to {}", option, printable(text),
                                 format_bytes(least), format_bytes(most)));
  }
  return *size;
}

}  // namespace heaplab::cli

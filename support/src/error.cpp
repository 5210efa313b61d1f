// SPDX-License-Identifier: MIT
#include "heaplab/support/error.h"

#include <fmt/format.h>

#include <utility>

#include "heaplab/support/text.h"

namespace heaplab {

InputError::InputError(std::string file, std::string message)
    : std::runtime_error(printable(fmt::format("{}: {}", file, message))),
      file_(std::move(file)),
      message_(std::move(message)) {}

InputError::InputError(std::string file, std::uint64_t offset, std::string message)
    : std::runtime_error(printable(fmt::format("{}: {} (at byte {})", file, message, offset))),
      file_(std::move(file)),
      message_(std::move(message)),
      offset_(offset) {}

}  // namespace heaplab

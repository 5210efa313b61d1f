// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "heaplab/heap/object.h"

namespace heaplab {

/// Memory is handled in aligned blocks; an ordinary object never crosses a block's end.
inline constexpr unsigned block_shift = 18;
inline constexpr std::size_t block_bytes = std::size_t{1} << block_shift;  // 256 KiB
inline constexpr std::size_t os_page_bytes = 4096;

/// Objects above this size get blocks of their own and are never copied (V8's limit).
inline constexpr std::size_t large_object_bytes = 128 * 1024;
static_assert(large_object_bytes < block_bytes);

}  // namespace heaplab

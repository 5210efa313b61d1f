// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace heaplab::inspector {

/// The text of a JSON string, given what is between its quotes: escapes decoded, as UTF-8. A lone
/// surrogate becomes U+FFFD, an escape JSON does not know stays as it is. Bytes that are not UTF-8
/// pass (whoever shows them must make them printable).
std::string decode_json_text(std::string_view raw);

}  // namespace heaplab::inspector

// SPDX-License-Identifier: MIT
#include "no_recording.h"

namespace heaplab::trace {

std::string no_recording(std::string_view start) {
  if (start.starts_with("JAVA PROFILE 1.")) {
    return "this is a Java heap dump, no recording: see `heaplab inspect FILE` and `heaplab leaks "
           "FILE`";
  }
  const std::size_t text = start.find_first_not_of(" \t\r\n");
  if (text != std::string_view::npos && start[text] == '{') {
    const std::string_view line = start.substr(text, start.find('\n', text) - text);
    if (line.find("\"heapUsed\"") != std::string_view::npos) {
      return "this is a memory log, no recording: see `heaplab memory FILE`";
    }
    if (start.find("\"snapshot\"") != std::string_view::npos) {
      return "this is a heap snapshot or an allocation timeline, no recording: see `heaplab "
             "inspect "
             "FILE` and `heaplab leaks FILE`";
    }
  }
  return "this is no recording of a format that is known here: heaplab's own (make one with "
         "`heaplab run --record=FILE`), heaptrack, mtrace, V8's .heapprofile, Elephant Tracks, "
         "GarCoSim";
}

}  // namespace heaplab::trace

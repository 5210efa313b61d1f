// SPDX-License-Identifier: MIT
#include "words.h"

#include <fmt/format.h>

namespace heaplab::leakcheck {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::collection:
      return "forgotten cache/collection";
    case Kind::listener:
      return "listener";
    case Kind::timer:
      return "timer";
    case Kind::closure:
      return "closure";
    case Kind::large_object:
      return "large object";
    case Kind::unneeded:
      return "unneeded reference";
    case Kind::never_freed:
      return "memory never freed";
    case Kind::growing_site:
      return "growing allocation site";
    case Kind::growing_block:
      return "growing block";
    case Kind::freed_at_exit:
      return "memory freed only at exit";
  }
  return "";
}

std::string Place::text() const {
  if (!known()) return {};
  if (line == 0) return file;
  return column == 0 ? fmt::format("{}:{}", file, line)
                     : fmt::format("{}:{}:{}", file, line, column);
}

std::string why_kept(const Leak& leak, bool grows) {
  const std::string& path = leak.culprit.path;
  switch (leak.kind) {
    case Kind::collection:
      return fmt::format(
          "{} is reachable as long as the program runs, and it refers to everything that was ever "
          "put in and never taken out.",
          path);
    case Kind::listener:
      return fmt::format(
          "Each listener stays in {} until it is removed, and keeps the function and every "
          "variable "
          "around it.",
          path);
    case Kind::timer:
      return "A timer that is not cleared is held by the event loop, and holds its callback and "
             "every variable that callback uses.";
    case Kind::closure:
      return fmt::format(
          "A function that is still reachable keeps all variables its scope shares with other "
          "functions, {} among them, whether it uses them or not.",
          path);
    case Kind::large_object:
      return grows ? fmt::format(
                         "{} refers to each of the large objects, and nothing lets go of "
                         "any of them.",
                         path)
                   : fmt::format(
                         "{} still refers to it, so the collector must assume it is needed.", path);
    case Kind::unneeded:
      return fmt::format(
          "{} still refers to it, so the collector must assume it is needed, though nothing read "
          "or "
          "wrote it for a long time.",
          path);
    case Kind::never_freed:
      return fmt::format(
          "{} allocates it (or asks for it, directly or through others), and of what is counted "
          "here the program freed nothing while it worked.",
          path);
    case Kind::growing_site:
      return fmt::format("What {} allocates is still referred to by something.", path);
    case Kind::growing_block:
      return fmt::format(
          "Whenever it is full, {} allocates it anew, larger, and frees the old one: what is in it "
          "only becomes more.",
          path);
    case Kind::freed_at_exit:
      return fmt::format(
          "{} allocates it (or asks for it, directly or through others), and it is freed only when "
          "the program ends: something holds it for as long as the program works.",
          path);
  }
  return {};
}

std::string advice_for(const Leak& leak, bool grows) {
  const std::string& path = leak.culprit.path;
  switch (leak.kind) {
    case Kind::collection:
      return fmt::format(
          "Give {} a limit (delete the oldest entries, or those not used lately), delete entries "
          "when they are done with, or use a WeakMap if the keys are objects with a life of their "
          "own.",
          path);
    case Kind::listener:
      return "Remove the listener when its owner is done (off/removeListener), use once(), or add "
             "it once outside the repeated code.";
    case Kind::timer:
      return "Keep what setInterval/setTimeout returns and clear it when the work is done.";
    case Kind::closure:
      return fmt::format(
          "Set {} to null when it has served its purpose, or create the long-lived function in a "
          "scope of its own that does not contain it.",
          path);
    case Kind::large_object:
      return grows ? fmt::format(
                         "Keep only what is needed of each (a slice copied out, a summary), "
                         "stream the data, or bound how many {} may hold.",
                         path)
                   : fmt::format(
                         "Set {} to null once it is processed, keep only the part that is "
                         "needed, or read it in pieces.",
                         path);
    case Kind::unneeded:
      return fmt::format(
          "Set {} to null (or let it go out of scope) once it is done with: declare it inside the "
          "function that uses it.",
          path);
    case Kind::never_freed:
      return fmt::format(
          "Find who owns what {} allocates, and free it there; if a table keeps it on purpose, "
          "bound "
          "the table.",
          path);
    case Kind::growing_site:
      return fmt::format("Find what keeps the objects that {} makes, and bound it.", path);
    case Kind::growing_block:
      return fmt::format(
          "Take out of the vector, table or text that {} fills what is no longer needed, or bound "
          "it.",
          path);
    case Kind::freed_at_exit:
      return fmt::format(
          "Find the table that keeps what {} allocates (its destructor frees it), and take out of "
          "it what is no longer needed, or bound it.",
          path);
  }
  return {};
}

}  // namespace heaplab::leakcheck

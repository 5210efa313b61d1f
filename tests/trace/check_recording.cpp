// SPDX-License-Identifier: MIT
// check_recording FILE …: are these recordings of a heap complete and in agreement with themselves?
#include <cstdio>
#include <exception>

#include "reconstruction.h"

using namespace heaplab::trace;

int main(int count, char** arguments) {
  int failures = 0;
  for (int i = 1; i < count; ++i) {
    Reconstruction model;
    try {
      RecordingReader reader(arguments[i]);
      RecordingVisitor nothing;
      if (!reader.read(nothing).complete) model.errors.push_back("it is not complete");
      model.granularity = reader.knowledge().root_granularity;
      reader.read(model);
    } catch (const std::exception& error) {
      model.errors.push_back(error.what());
    }
    if (model.checkpoints < 2) model.errors.push_back("fewer than two checkpoints");
    if (model.root_records < 2) model.errors.push_back("fewer than two root records");
    for (const std::string& error : model.errors) {
      std::fprintf(stderr, "%s: %s\n", arguments[i], error.c_str());
    }
    failures += model.errors.empty() ? 0 : 1;
    std::printf("%s: %zu alive, %lu checkpoints, %lu collections (%lu major), %lu writes\n",
                arguments[i], model.alive(), static_cast<unsigned long>(model.checkpoints),
                static_cast<unsigned long>(model.collections),
                static_cast<unsigned long>(model.majors), static_cast<unsigned long>(model.writes));
  }
  return failures == 0 && count > 1 ? 0 : 1;
}

// SPDX-License-Identifier: MIT
// A program that records its own heap: a queue of jobs, of which each tenth is never taken out.
//   recorded FILE && heaplab trace info FILE
#include <heaplab/gc/make_heap.h>
#include <heaplab/trace/recorder.h>

#include <cstdio>
#include <source_location>

namespace {

struct Job : heaplab::Object {
  heaplab::Ref<Job> next;
  std::int32_t number;
  char what[48];
};

/// Tells the recorder which line allocates. A language would say where its program is.
class Lines : public heaplab::trace::SiteSource {
 public:
  void here(std::source_location place = std::source_location::current()) { place_ = place; }
  heaplab::trace::StackId current_stack(heaplab::trace::SiteTable& sites) override {
    if (place_.line() != known_line_) {
      known_line_ = place_.line();
      known_ = sites.stack(0, sites.frame(place_.function_name(), place_.file_name(), place_.line(),
                                          place_.column()));
    }
    return known_;
  }

 private:
  std::source_location place_;
  std::uint32_t known_line_ = 0;
  heaplab::trace::StackId known_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: recorded FILE\n");
    return 2;
  }
  const auto heap = heaplab::gc::make_heap();
  const heaplab::TypeId job_type = heap->register_type(
      {.name = "Job",
       .fixed_bytes = sizeof(Job),
       .runs = {{.offset = sizeof(heaplab::Object), .count = 1, .kind = heaplab::SlotKind::ref}}});

  Lines lines;
  heaplab::trace::RecorderOptions options;
  options.path = arguments[1];
  options.sites = &lines;
  heaplab::trace::Recorder recorder(*heap, options);
  recorder.info("program", "recorded.cpp");

  heaplab::Global<Job> forgotten(*heap);
  for (std::int32_t round = 0; round < 20; ++round) {
    recorder.mark("round");
    for (std::int32_t i = 0; i < 10'000; ++i) {
      lines.here();
      Job* job = heap->allocate<Job>(job_type);
      job->number = i;
      if (i % 10 != 0) continue;
      heap->write(job, job->next, forgotten.get());
      forgotten.set(job);
    }
  }
  recorder.finish();
  if (!recorder.error().empty()) {
    std::fprintf(stderr, "recorded: %s\n", recorder.error().c_str());
    return 1;
  }
  std::printf("recorded %llu checkpoints\n",
              static_cast<unsigned long long>(recorder.checkpoint_count()));
}

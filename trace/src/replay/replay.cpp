// SPDX-License-Identifier: MIT
#include "heaplab/trace/replay.h"

#include <fmt/format.h>

#include "heaplab/support/error.h"
#include "heaplab/support/format.h"
#include "replay/compile.h"

namespace heaplab::trace {
namespace {

/// The clock of each object's last use, plus one.
class LastUses : public RecordingVisitor {
 public:
  LastUses(IdTable<std::uint64_t>& table, const std::function<void(std::uint64_t)>& progress)
      : table_(table), progress_(progress) {}
  void on_last_use(const LastUse& use) override {
    if (use.id >= table_.size()) table_.resize(use.id + 1);
    table_[use.id] = use.clock + 1;
  }
  void on_block(std::uint64_t offset) override {
    table_.on_block();
    if (progress_) progress_(offset);
  }

 private:
  IdTable<std::uint64_t>& table_;
  const std::function<void(std::uint64_t)>& progress_;
};

void describe(ReplaySummary& summary, const Mortality& mortality, const Knowledge& knows) {
  summary.has_graph = mortality.precision == DeathPrecision::roots;
  summary.adds_headers = mortality.precision == DeathPrecision::exact;
  if (!summary.has_graph) {
    summary.notes.emplace_back(
        "the recording has no references between objects: a table in the heap holds each from its "
        "allocation to its death (4 bytes an object), and there is nothing else to trace");
  }
  if (mortality.precision == DeathPrecision::collections) {
    summary.notes.emplace_back(
        "deaths are known at the recorded run's collections only: objects live longer than they "
        "were needed");
  }
  if (mortality.precision == DeathPrecision::roots && mortality.root_granularity > 1) {
    summary.notes.push_back(fmt::format("roots are known every {}: deaths are exact up to that",
                                        format_bytes(mortality.root_granularity)));
  }
  if (knows.sampling_bytes != 0) {
    summary.notes.push_back(fmt::format("a sample: one allocation in {} was recorded",
                                        format_bytes(knows.sampling_bytes)));
  }
  if (!mortality.extent.note.empty()) summary.notes.push_back(mortality.extent.note);
}

}  // namespace

ReplayProgram::ReplayProgram() = default;
ReplayProgram::~ReplayProgram() = default;
ReplayProgram::ReplayProgram(ReplayProgram&&) noexcept = default;
ReplayProgram& ReplayProgram::operator=(ReplayProgram&&) noexcept = default;
void ReplayProgram::make(std::size_t memory_bytes, int file) {
  contents_ =
      std::make_unique<Contents>(file >= 0 ? WordStream::in_file(file) : WordStream(memory_bytes));
}
const ReplaySummary& ReplayProgram::summary() const { return contents_->summary; }

ReplayProgram compile_replay(RecordingSource& source, const CompileOptions& options) {
  ReplayProgram program;
  program.make(options.memory_bytes, options.file);
  ReplaySummary& summary = program.contents().summary;
  const char* step = "finding deaths";
  std::function<void(std::uint64_t)> progress;
  if (options.progress) {
    progress = [&](std::uint64_t offset) { options.progress(step, offset); };
  }
  DeathList deaths(options.memory_bytes / 4);
  const Mortality mortality = deaths.find(source, progress);
  const Knowledge knows = source.knowledge();
  describe(summary, mortality, knows);

  const bool by_use = options.oracle == Oracle::last_use;
  IdTable<std::uint64_t> last_uses;
  if (by_use) {
    if (!knows.last_uses) {
      throw InputError(source.path(), "this recording does not say when objects were last used");
    }
    step = "finding last uses";
    LastUses reader(last_uses, progress);
    source.read(reader);
  }
  IdTable<ObjectFacts> objects;
  objects.resize(1);
  SpecialSlots special;
  if (summary.has_graph) {
    step = "counting slots";
    find_slots(source, objects, special, progress);
  }
  step = "compiling";
  ReplayCompiler compiler(
      {source, objects, special, deaths, by_use ? &last_uses : nullptr, progress},
      program.contents());
  source.read(compiler);
  compiler.finish();
  if (summary.objects == 0) throw InputError(source.path(), "no object is allocated in it");
  if (summary.contradictions != 0) {
    summary.notes.push_back(fmt::format("{} to objects that were dead by then, left out",
                                        format_quantity(summary.contradictions, "reference")));
  }
  if (summary.revived != 0) {
    summary.notes.push_back(fmt::format(
        "{} that nothing referred to, and that came back from a table that is not recorded; held "
        "meanwhile",
        format_quantity(summary.revived, "object")));
  }
  return program;
}

}  // namespace heaplab::trace

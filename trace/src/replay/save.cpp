// SPDX-License-Identifier: MIT
// A program in a file, for another process on the same machine: words, then what follows here, then
// how many bytes that is.
#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "replay/program.h"

namespace heaplab::trace {
namespace {

/// The same fields in both directions.
template <class Archive, class Contents>
void transfer(Archive& archive, Contents& contents) {
  auto& s = contents.summary;
  archive.value(contents.handles);
  archive.list(contents.shapes);
  archive.value(s.events);
  archive.value(s.objects);
  archive.value(s.bytes);
  archive.value(s.stores);
  archive.value(s.deaths);
  archive.value(s.peak_live_bytes);
  archive.value(s.peak_live_objects);
  archive.value(s.end_live_bytes);
  archive.value(s.end_live_objects);
  archive.value(s.program_bytes);
  archive.value(s.contradictions);
  archive.value(s.revived);
  archive.value(s.has_graph);
  archive.value(s.adds_headers);
  archive.texts(s.notes);
}

class Saver {
 public:
  template <class T>
  void value(const T& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <class T>
  void list(const std::vector<T>& list) {
    value(list.size());
    bytes.append(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(T));
  }
  void texts(const std::vector<std::string>& texts) {
    value(texts.size());
    for (const std::string& text : texts) list(std::vector<char>(text.begin(), text.end()));
  }
  std::string bytes;
};

class Loader {
 public:
  Loader(int file, std::uint64_t offset) : file_(file), offset_(offset) {}
  template <class T>
  void value(T& value) {
    take(&value, sizeof value);
  }
  template <class T>
  void list(std::vector<T>& list) {
    std::size_t size = 0;
    value(size);
    list.resize(size);
    take(list.data(), size * sizeof(T));
  }
  void texts(std::vector<std::string>& texts) {
    std::size_t size = 0;
    value(size);
    std::vector<char> text;
    for (; size > 0; --size) {
      list(text);
      texts.emplace_back(text.begin(), text.end());
    }
  }

 private:
  void take(void* to, std::size_t bytes) {
    read_fully(file_, to, bytes, offset_);
    offset_ += bytes;
  }
  int file_;
  std::uint64_t offset_;
};

}  // namespace

int ReplayProgram::make_file() {
  TemporaryStorage storage;
  storage.open();
  return storage.release();
}

void ReplayProgram::save() const {
  const Contents& contents = *contents_;
  Saver saver;
  saver.list(contents.words.chunk_sizes());
  transfer(saver, contents);
  saver.value(std::uint64_t{saver.bytes.size()});
  write_fully(contents.words.file(), saver.bytes.data(), saver.bytes.size(),
              contents.words.file_end());
}

ReplayProgram ReplayProgram::load(int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0) {
    throw std::system_error(errno, std::generic_category(), "a temporary file cannot be used");
  }
  const auto end = static_cast<std::uint64_t>(status.st_size) - sizeof(std::uint64_t);
  std::uint64_t bytes = 0;
  read_fully(file, &bytes, sizeof bytes, end);
  Loader loader(file, end - bytes);
  std::vector<std::uint32_t> chunk_sizes;
  loader.list(chunk_sizes);
  ReplayProgram program;
  program.contents_ = std::make_unique<Contents>(WordStream::written_to(file, chunk_sizes));
  transfer(loader, *program.contents_);
  return program;
}

}  // namespace heaplab::trace

// SPDX-License-Identifier: MIT
// What the fs module asks of the system: reading only. Failures become Node's errors in fs.js, from
// the errno name that comes back.
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "modules.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

const char* errno_name(int error) {
  switch (error) {
    case ENOENT:
      return "ENOENT";
    case EACCES:
      return "EACCES";
    case EISDIR:
      return "EISDIR";
    case ENOTDIR:
      return "ENOTDIR";
    case EMFILE:
      return "EMFILE";
    case ELOOP:
      return "ELOOP";
    case ENAMETOOLONG:
      return "ENAMETOOLONG";
    case EPERM:
      return "EPERM";
    case EINVAL:
      return "EINVAL";
    case ENOSPC:
      return "ENOSPC";
    case EROFS:
      return "EROFS";
    default:
      return "EIO";
  }
}

// libuv's words where they differ from the C library's.
std::string error_text(int error) {
  switch (error) {
    case EISDIR:
      return "illegal operation on a directory";
    case ENOTDIR:
      return "not a directory";
    case EPERM:
      return "operation not permitted";
    case ELOOP:
      return "too many symbolic links encountered";
    default:
      break;
  }
  std::string text = std::strerror(error);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(text[0]));
  return text;
}

Value failure(Runtime& runtime, int error) { return system_failure(runtime, error); }

// The file's bytes as a Buffer.
Value read_file(Runtime& runtime, Arguments& args) {
  const std::string path = to_text(runtime, args[0]);
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failure(runtime, errno);
  std::string bytes;
  char chunk[65536];
  ssize_t got = 0;
  while ((got = read(fd, chunk, sizeof(chunk))) > 0)
    bytes.append(chunk, static_cast<std::size_t>(got));
  const int error = got < 0 ? errno : 0;
  close(fd);
  if (error != 0) return failure(runtime, error);
  return new_buffer(runtime, bytes);
}

double milliseconds(const timespec& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

// {dev, mode, …, mtimeMs} of the path; args[1]: do not follow links.
Value stat_path(Runtime& runtime, Arguments& args) {
  const std::string path = to_text(runtime, args[0]);
  struct stat info {};
  const int status = to_boolean(args[1]) ? lstat(path.c_str(), &info) : stat(path.c_str(), &info);
  if (status != 0) return failure(runtime, errno);
  const std::pair<const char*, double> fields[] = {
      {"dev", static_cast<double>(info.st_dev)},
      {"mode", static_cast<double>(info.st_mode)},
      {"nlink", static_cast<double>(info.st_nlink)},
      {"uid", static_cast<double>(info.st_uid)},
      {"gid", static_cast<double>(info.st_gid)},
      {"rdev", static_cast<double>(info.st_rdev)},
      {"blksize", static_cast<double>(info.st_blksize)},
      {"ino", static_cast<double>(info.st_ino)},
      {"size", static_cast<double>(info.st_size)},
      {"blocks", static_cast<double>(info.st_blocks)},
      {"atimeMs", milliseconds(info.st_atim)},
      {"mtimeMs", milliseconds(info.st_mtim)},
      {"ctimeMs", milliseconds(info.st_ctim)},
      {"birthtimeMs", milliseconds(info.st_ctim)},
  };
  Rooted<JSObject> result(runtime, new_object(runtime, 14));
  for (const auto& [name, value] : fields) {
    define_value(runtime, result.get(), name, Value::number(value), kAll);
  }
  return result.value();
}

// [name, mode, name, mode, …], sorted by name.
Value read_directory(Runtime& runtime, Arguments& args) {
  const std::string path = to_text(runtime, args[0]);
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) return failure(runtime, errno);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(directory)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  closedir(directory);
  std::sort(names.begin(), names.end());
  RootedValues list(runtime);
  for (const std::string& name : names) {
    struct stat info {};
    lstat((path + "/" + name).c_str(), &info);
    list.push_back(text_value(runtime, name));
    list.push_back(Value::number(static_cast<double>(info.st_mode)));
  }
  Rooted<JSObject> result(runtime, new_object(runtime, 1));
  RootedValue entries(runtime, Value(array_of(runtime, list)));
  define_value(runtime, result.get(), "entries", entries, kAll);
  return result.value();
}

Value access_path(Runtime& runtime, Arguments& args) {
  const std::string path = to_text(runtime, args[0]);
  if (access(path.c_str(), to_int32(runtime, args[1])) == 0) return Value::boolean(true);
  return failure(runtime, errno);
}

Value real_path(Runtime& runtime, Arguments& args) {
  const std::string path = to_text(runtime, args[0]);
  char* resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return failure(runtime, errno);
  const std::string text = resolved;
  std::free(resolved);
  return text_value(runtime, text);
}

const NativeInfo functions[] = {
    {"read_file", 1, read_file},           {"stat_path", 2, stat_path},
    {"read_directory", 1, read_directory}, {"access_path", 2, access_path},
    {"real_path", 1, real_path},
};

}  // namespace

Value system_failure(Runtime& runtime, int error) {
  RootedValue name(runtime, text_value(runtime, errno_name(error)));
  RootedValue text(runtime, text_value(runtime, error_text(error)));
  const Value parts[] = {name.get(), Value::integer(-error), text.get()};
  return new_array_from(runtime, parts);
}

void add_file_binding(Runtime& runtime, JSObject* binding) {
  define_methods(runtime, binding, functions);
}

}  // namespace heaplab::interp::builtins

// SPDX-License-Identifier: MIT
// measure CPU RESULT COMMAND [ARGUMENT...]
// Runs COMMAND pinned to one CPU and writes what it used to the file RESULT:
//   exit_code user_seconds system_seconds wall_seconds peak_rss_kib
//
// Linux lets a process inherit the peak RSS of the one that called exec, so a command started from
// Python would never report less than Python's own. This launcher is small and static: the floor
// it leaves is well under a megabyte.

#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

[[noreturn]] void become(int cpu, char** command) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) std::perror("sched_setaffinity");
  execvp(command[0], command);
  std::perror(command[0]);
  _exit(127);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: measure CPU RESULT COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  const double start = now();
  const pid_t child = fork();
  if (child == 0) become(std::atoi(argv[1]), argv + 3);
  int status = 0;
  rusage used{};
  if (child < 0 || wait4(child, &status, 0, &used) != child) {
    std::perror("measure");
    return 1;
  }
  const double wall = now() - start;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::FILE* result = std::fopen(argv[2], "w");
  if (result == nullptr) {
    std::perror(argv[2]);
    return 1;
  }
  std::fprintf(result, "%d %.6f %.6f %.6f %ld\n", code, seconds(used.ru_utime),
               seconds(used.ru_stime), wall, used.ru_maxrss);
  return std::fclose(result) == 0 ? 0 : 1;
}

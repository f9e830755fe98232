#include "app/machine.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>

#include <fmt/format.h>

namespace yagura::app {
namespace {

// Above all ordinary threads and below what a kernel runs at 50, such as its interrupt threads.
constexpr int kPriority = 10;
// What a decision needs of the stack, many times over.
constexpr std::size_t kStack = std::size_t{256} << 10;

std::string_view name_of(PathThread thread) { return thread == PathThread::kFeeds ? "feeds" : "detector"; }

std::optional<int> core_of(PathThread thread, const config::PipelineSettings& pipeline) {
  return thread == PathThread::kFeeds ? pipeline.feeds_cpu : pipeline.detector_cpu;
}

std::string permitted_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return "unknown";
  std::string text;
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) text += (text.empty() ? "" : ", ") + std::to_string(cpu);
  }
  return text;
}

std::optional<std::string> pin(PathThread thread, int core) {
  const auto permitted = permitted_cores();  // before they are one
  cpu_set_t set;
  CPU_ZERO(&set);
  if (core < CPU_SETSIZE) CPU_SET(static_cast<std::size_t>(core), &set);
  const int error = ::pthread_setaffinity_np(::pthread_self(), sizeof set, &set);
  if (error == 0) return std::nullopt;
  const auto why = error == EINVAL
                       ? "this process may use core " + permitted
                       : std::string{std::strerror(error)} + " (systemd: SystemCallFilter=sched_setaffinity)";
  return fmt::format("pipeline.cpus: {} = {}: the thread is not pinned: {}", name_of(thread), core, why);
}

// Threads on the path that never sleep.
int spinning_threads(const config::PipelineSettings& pipeline) {
  if (pipeline.wait != config::WaitMode::kSpin) return 0;
  return pipeline.workers == 0 ? 1 : 1 + pipeline.workers;
}

std::optional<std::string> run_in_real_time(PathThread thread, const config::PipelineSettings& pipeline) {
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  if (const int spinning = spinning_threads(pipeline); spinning >= cores) {
    if (thread == PathThread::kFeeds) return std::nullopt;  // once is enough
    return fmt::format(
        "pipeline.realtime: not done: {} threads that spin would leave nothing of {} cores to the rest of the machine; "
        "wait = \"yield\" or \"block\", or fewer workers",
        spinning, cores);
  }
  const sched_param priority{.sched_priority = kPriority};
  // Of the calling thread alone: those that it makes, such as for looking up a name, are ordinary ones.
  if (::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &priority) == 0) return std::nullopt;
  const int error = errno;
  rlimit limit{};
  ::getrlimit(RLIMIT_RTPRIO, &limit);
  return fmt::format(
      "pipeline.realtime: the {} thread may not run as SCHED_FIFO: {}; wants RLIMIT_RTPRIO of {} (it is {}) or "
      "CAP_SYS_NICE (systemd: LimitRTPRIO={}, RestrictRealtime=no, SystemCallFilter=sched_setscheduler)",
      name_of(thread), std::strerror(error), kPriority, limit.rlim_cur, kPriority);
}

[[gnu::noinline]] void touch_stack() noexcept {
  volatile char stack[kStack];
  for (std::size_t i = 0; i < kStack; i += 4096) stack[i] = 0;
  static_cast<void>(stack[0]);
}

}  // namespace

std::vector<std::string> take_place(PathThread thread, const config::PipelineSettings& pipeline) {
  std::vector<std::string> missing;
  const auto note = [&](std::optional<std::string> problem) {
    if (problem) missing.push_back(*std::move(problem));
  };
  if (const auto core = core_of(thread, pipeline)) note(pin(thread, *core));
  if (pipeline.realtime) note(run_in_real_time(thread, pipeline));
  if (pipeline.lock_memory) touch_stack();
  return missing;
}

std::vector<std::string> hold_memory(const config::PipelineSettings& pipeline) {
  if (!pipeline.lock_memory) return {};
  rlimit limit{};
  ::getrlimit(RLIMIT_MEMLOCK, &limit);
  // A limit that fits today fails an allocation tomorrow.
  const bool bounded = limit.rlim_cur != RLIM_INFINITY && ::geteuid() != 0;
  if (!bounded && ::mlockall(MCL_CURRENT | MCL_FUTURE) == 0) return {};
  return {fmt::format(
      "pipeline.lock_memory: not done: {}; wants RLIMIT_MEMLOCK unlimited (it is {}) or CAP_IPC_LOCK (systemd: "
      "LimitMEMLOCK=infinity, SystemCallFilter=mlockall)",
      bounded ? "the limit would end the monitor's growth" : std::strerror(errno),
      limit.rlim_cur == RLIM_INFINITY ? "unlimited" : fmt::format("{} KiB", limit.rlim_cur >> 10))};
}

std::vector<std::string> missing_on_this_machine(const config::PipelineSettings& pipeline) {
  auto missing = hold_memory(pipeline);
  ::munlockall();
  for (const auto path : {PathThread::kFeeds, PathThread::kDetector}) {
    if (path == PathThread::kFeeds && pipeline.workers == 0) continue;  // there is no such thread
    // On a thread that takes with it what it was given.
    std::thread{[&] {
      for (auto& line : take_place(path, pipeline)) missing.push_back(std::move(line));
    }}.join();
  }
  return missing;
}

std::string describe_place(const config::PipelineSettings& pipeline) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (pipeline.feeds_cpu) add("feeds on core " + std::to_string(*pipeline.feeds_cpu));
  if (pipeline.detector_cpu) add("detector on core " + std::to_string(*pipeline.detector_cpu));
  if (pipeline.realtime) add("real time");
  if (pipeline.lock_memory) add("memory locked");
  return text;
}

// New threads take after the one that makes them.
InBackground::InBackground(bool wanted) noexcept {
  int policy = SCHED_OTHER;
  sched_param own{};
  changed_ = wanted && ::pthread_getschedparam(::pthread_self(), &policy, &own) == 0 && policy == SCHED_OTHER &&
             ::pthread_setschedparam(::pthread_self(), SCHED_BATCH, &own) == 0;
}

InBackground::~InBackground() {
  const sched_param none{};
  if (changed_) ::pthread_setschedparam(::pthread_self(), SCHED_OTHER, &none);
}

}  // namespace yagura::app

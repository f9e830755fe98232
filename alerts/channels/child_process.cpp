#include "alerts/channels/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

using std::chrono::milliseconds;

constexpr auto kGraceAfterTimeout = std::chrono::seconds{2};
constexpr auto kGraceAtStop = milliseconds{50};
constexpr std::size_t kLongestLine = 200;  // characters
constexpr std::size_t kMostKept = 4096;    // bytes of output, for the first line
constexpr milliseconds kLongestPause{60'000};
constexpr milliseconds kWithoutPidfd{10};  // how often to look, where the kernel has no pidfd

// What a program may expect to find; keys of ours and of other sinks stay here.
constexpr const char* kUsual[] = {"PATH",
                                  "HOME",
                                  "USER",
                                  "LOGNAME",
                                  "SHELL",
                                  "LANG",
                                  "LANGUAGE",
                                  "LC_ALL",
                                  "LC_CTYPE",
                                  "LC_MESSAGES",
                                  "LC_TIME",
                                  "TZ",
                                  "TMPDIR",
                                  "DISPLAY",
                                  "WAYLAND_DISPLAY",
                                  "XAUTHORITY",
                                  "XDG_RUNTIME_DIR",
                                  "XDG_CONFIG_HOME",
                                  "DBUS_SESSION_BUS_ADDRESS"};

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

// Standard input as a file in memory: a child that never reads keeps nobody waiting.
bool put_input(Descriptor& file, std::string_view input) {
  file.reset(::memfd_create("yagura-alert", MFD_CLOEXEC));
  while (file.get() >= 0 && !input.empty()) {
    const auto written = ::write(file.get(), input.data(), input.size());
    if (written <= 0) return false;
    input.remove_prefix(static_cast<std::size_t>(written));
  }
  return file.get() >= 0 && ::lseek(file.get(), 0, SEEK_SET) == 0;
}

std::vector<std::string> environment_of(const ChildOptions& options) {
  std::vector<std::string> env;
  const auto pass = [&](const char* name) {
    if (const char* const value = std::getenv(name)) env.push_back(fmt::format("{}={}", name, value));
  };
  for (const char* const name : kUsual) pass(name);
  for (const auto& name : options.pass_env) pass(name.c_str());
  for (const auto& [name, value] : options.env) {
    // A zero would end the value early, and nothing else can go wrong with it.
    env.push_back(fmt::format("{}={}", name, value.substr(0, value.find('\0'))));
  }
  return env;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// 0 and `pid`, or errno.
int spawn(const ChildOptions& options, int input, int output, pid_t& pid) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  auto words = options.command;
  auto env = environment_of(options);
  const int error =
      ::posix_spawnp(&pid, words[0].c_str(), &files, &attributes, pointers_to(words).data(), pointers_to(env).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

class Running {
 public:
  Running(pid_t pid, int output)
      : pid_(pid), output_(output), handle_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}

  // Until the child exits (true), the time comes, or `woken` can be read.
  bool wait(MonoTime until, int woken);
  void signal(int number) const { ::kill(-pid_, number); }
  // Takes the child off the process table.
  [[nodiscard]] siginfo_t reap();
  [[nodiscard]] std::string first_line() const;

 private:
  void read_output();
  [[nodiscard]] bool has_exited() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid_;
  }

  const pid_t pid_;
  int output_;  // -1 after its end
  const Descriptor handle_;
  std::string kept_;
};

bool Running::wait(MonoTime until, int woken) {
  while (true) {
    if (has_exited()) {
      read_output();
      return true;
    }
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= milliseconds{0}) return false;
    const auto pause = std::min(left, handle_.get() >= 0 ? kLongestPause : kWithoutPidfd);
    std::array<pollfd, 3> watched{{{output_, POLLIN, 0}, {handle_.get(), POLLIN, 0}, {woken, POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), static_cast<int>(pause.count()));
    if (watched[0].revents != 0) read_output();
    if (watched[2].revents != 0) return false;
  }
}

void Running::read_output() {
  std::array<char, 4096> bytes;
  // At most as much as a pipe holds: one that writes without end must not keep us here.
  for (int i = 0; output_ >= 0 && i < 16; ++i) {
    const auto size = ::read(output_, bytes.data(), bytes.size());
    if (size < 0) return;
    if (size == 0) output_ = -1;
    if (kept_.size() < kMostKept) kept_.append(bytes.data(), static_cast<std::size_t>(size));
  }
}

siginfo_t Running::reap() {
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG);
  return info;
}

std::string Running::first_line() const {
  const auto from = std::min(kept_.find_first_not_of(" \t\r\n"), kept_.size());
  const std::string_view rest = std::string_view{kept_}.substr(from);
  return printable(rest.substr(0, rest.find('\n')), kLongestLine);
}

// Ends it, the hard way if need be; what not even the kernel can end is left to itself.
void end(Running& child, Duration grace, int woken) {
  const auto after = [](Duration time) { return std::chrono::steady_clock::now() + time; };
  child.signal(SIGTERM);
  child.wait(after(grace), woken);
  child.signal(SIGKILL);  // not reaped yet: the number is still its own
  child.wait(after(kGraceAfterTimeout), -1);
}

bool may_run(const std::string& file) {
  struct stat info {};
  return ::stat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

ChildOutcome run_child(const ChildOptions& options, const std::stop_token& stop) {
  using End = ChildOutcome::End;
  Descriptor input, reader, writer;
  const Descriptor woken{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  int ends[2];
  if (woken.get() < 0 || !put_input(input, options.input) || ::pipe2(ends, O_CLOEXEC) != 0)
    return {End::kNotStarted, errno, {}};
  reader.reset(ends[0]);
  writer.reset(ends[1]);
  ::fcntl(reader.get(), F_SETFL, O_NONBLOCK);
  pid_t pid = 0;
  if (const int error = spawn(options, input.get(), writer.get(), pid); error != 0)
    return {End::kNotStarted, error, {}};
  writer.reset();

  Running child{pid, reader.get()};
  const std::stop_callback on_stop{stop, [&] { ::eventfd_write(woken.get(), 1); }};
  ChildOutcome outcome;
  if (!child.wait(std::chrono::steady_clock::now() + options.timeout, woken.get())) {
    if (stop.stop_requested()) {
      outcome.end = End::kStopped;
      end(child, kGraceAtStop, -1);
    } else {
      outcome.end = End::kTimedOut;
      end(child, kGraceAfterTimeout, woken.get());
    }
  }
  const auto info = child.reap();
  outcome.first_line = child.first_line();
  if (outcome.end != End::kNotStarted) return outcome;
  outcome.end = info.si_code == CLD_EXITED ? End::kExited : End::kSignalled;
  outcome.code = info.si_status;
  return outcome;
}

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return may_run(name) ? name : std::string{};
  const char* const path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
  while (!rest.empty() && !name.empty()) {
    const auto colon = std::min(rest.find(':'), rest.size());
    auto file = fmt::format("{}/{}", rest.substr(0, colon), name);
    if (may_run(file)) return file;
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return {};
}

}  // namespace yagura::alerts

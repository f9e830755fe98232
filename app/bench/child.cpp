#include "app/bench/child.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

namespace yagura::app::bench {
namespace {

constexpr auto kBeat = std::chrono::milliseconds{5};

volatile std::sig_atomic_t interrupt = 0;

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::optional<std::uint16_t> number_after(const std::string& text, const std::string& before) {
  const auto at = text.find(before);
  if (at == std::string::npos || text.find('\n', at) == std::string::npos) return std::nullopt;
  std::uint16_t number = 0;
  const char* const from = text.data() + at + before.size();
  const auto read = std::from_chars(from, text.data() + text.size(), number);
  return read.ec == std::errc{} ? std::optional{number} : std::nullopt;
}

struct Prepared {
  std::vector<char*> arguments;
  int in, out, log;
  cpu_set_t cores;
  bool pinned;
  pid_t parent;
};

// In the new process, until it is another program: calls that are safe after fork only.
[[noreturn]] void become(const Prepared& prepared) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != prepared.parent) ::_exit(127);
  ::setpgid(0, 0);  // Ctrl-C is for the bench, which ends us in order
  ::dup2(prepared.in, STDIN_FILENO);
  ::dup2(prepared.out, STDOUT_FILENO);
  ::dup2(prepared.log, STDERR_FILENO);
  if (prepared.pinned) ::sched_setaffinity(0, sizeof prepared.cores, &prepared.cores);
  std::signal(SIGPIPE, SIG_DFL);
  ::execv(prepared.arguments.front(), prepared.arguments.data());
  ::_exit(127);
}

}  // namespace

bool interrupted() noexcept { return interrupt != 0; }

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupt = 1; };
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

Result<ScratchDir> ScratchDir::make() {
  std::error_code failed;
  auto base = std::filesystem::temp_directory_path(failed);
  auto name = (failed ? std::filesystem::path{"/tmp"} : base) / "yagura-bench-XXXXXX";
  std::string text = name.string();
  if (::mkdtemp(text.data()) == nullptr) return Error{text + ": " + std::strerror(errno)};
  return ScratchDir{text};
}

ScratchDir::~ScratchDir() {
  std::error_code ignored;
  if (!path_.empty() && !keep_) std::filesystem::remove_all(path_, ignored);
}

Result<Child> Child::start(const Options& options) {
  int input[2];
  if (::pipe2(input, O_CLOEXEC) != 0) return Error{std::string{"a pipe: "} + std::strerror(errno)};
  Fd theirs{input[0]};
  Fd ours{input[1]};
  const Fd out{::open(options.out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  const Fd log{::open(options.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  if (!out.open() || !log.open()) return Error{options.log.string() + ": " + std::strerror(errno)};
  auto command = options.command;
  Prepared prepared{{}, theirs.get(), out.get(), log.get(), {}, !options.cores.empty(), ::getpid()};
  for (auto& argument : command) prepared.arguments.push_back(argument.data());
  prepared.arguments.push_back(nullptr);
  CPU_ZERO(&prepared.cores);
  for (const int core : options.cores) CPU_SET(static_cast<std::size_t>(core), &prepared.cores);
  const auto pid = ::fork();
  if (pid < 0) return Error{command.front() + ": " + std::strerror(errno)};
  if (pid == 0) become(prepared);
  return Child{command.front(), pid, std::move(ours), options.out, options.log};
}

Child::~Child() {
  if (pid_ <= 0 || status_) return;
  ::kill(pid_, SIGKILL);
  reap(true);
}

bool Child::reap(bool wait) {
  if (status_ || pid_ <= 0) return true;
  int status = 0;
  pid_t got = 0;
  do {
    got = ::waitpid(pid_, &status, wait ? 0 : WNOHANG);
  } while (got < 0 && errno == EINTR);
  if (got == pid_) status_ = status;
  return status_.has_value();
}

bool Child::running() { return !reap(false); }

Result<std::uint16_t> Child::port_behind(const std::string& before, Duration patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    for (const auto& file : {out_, log_}) {
      if (const auto port = number_after(text_of(file), before)) return *port;
    }
    if (interrupted()) return Error{"interrupted"};
    if (!running()) return Error{name_ + ": ended before it listened: " + last_words()};
    if (std::chrono::steady_clock::now() > deadline) return Error{name_ + ": did not listen in time: " + last_words()};
    std::this_thread::sleep_for(kBeat);
  }
}

bool Child::stop(Duration patience) {
  if (!running()) return *status_ == 0;
  ::kill(pid_, SIGTERM);
  input_.reset();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (running() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(kBeat);
  if (status_) return WIFEXITED(*status_) ? WEXITSTATUS(*status_) == 0 : WTERMSIG(*status_) == SIGTERM;
  ::kill(pid_, SIGKILL);
  reap(true);
  return false;
}

std::optional<Duration> Child::processor_time() const {
  std::optional<Duration> all;
  std::error_code failed;
  const auto tasks = std::filesystem::path{"/proc"} / std::to_string(pid_) / "task";
  for (const auto& task : std::filesystem::directory_iterator{tasks, failed}) {
    std::ifstream in{task.path() / "schedstat"};  // ns on a processor, ns waiting for one, slices
    std::int64_t ran = 0;
    if (in >> ran) all = all.value_or(Duration{0}) + Duration{ran};
  }
  return all;
}

std::string Child::last_words() const {
  constexpr std::size_t kMost = 600;
  auto text = text_of(log_);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (text.size() > kMost) text = "…" + text.substr(text.size() - kMost);
  return text.empty() ? "it said nothing" : text;
}

}  // namespace yagura::app::bench

// A process under test: started, listened to and ended on every way out of the bench. It dies with the bench,
// even when that is killed.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/bench/sockets.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::app::bench {

// Whether SIGINT or SIGTERM has come, from interrupts_caught() on.
[[nodiscard]] bool interrupted() noexcept;
void catch_interrupts();

// A directory of the bench's own, under $TMPDIR; gone with the object unless kept.
class ScratchDir {
 public:
  [[nodiscard]] static Result<ScratchDir> make();
  ~ScratchDir();
  ScratchDir(ScratchDir&& other) noexcept : path_(std::exchange(other.path_, {})), keep_(other.keep_) {}
  ScratchDir& operator=(ScratchDir&&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void keep() { keep_ = true; }

 private:
  explicit ScratchDir(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
  bool keep_ = false;
};

class Child {
 public:
  struct Options {
    std::vector<std::string> command;
    std::filesystem::path out, log;  // files for its standard output and error
    std::vector<int> cores;          // it may run on; empty: any
  };
  [[nodiscard]] static Result<Child> start(const Options& options);
  ~Child();  // killed if it still runs
  Child(Child&& other) noexcept
      : name_(std::move(other.name_)),
        pid_(std::exchange(other.pid_, -1)),
        input_(std::move(other.input_)),
        out_(std::move(other.out_)),
        log_(std::move(other.log_)) {}
  Child& operator=(Child&&) = delete;

  // Waits until `before` and digits stand on a line of its output or log, and gives the number: a port.
  [[nodiscard]] Result<std::uint16_t> port_behind(const std::string& before, Duration patience);
  // Asks it to end, then kills it. False when it had to be killed or failed.
  bool stop(Duration patience);
  [[nodiscard]] bool running();
  // What all its threads have run so far; nothing where the kernel does not say.
  [[nodiscard]] std::optional<Duration> processor_time() const;
  // The last lines of what it said, for a message.
  [[nodiscard]] std::string last_words() const;

 private:
  Child(std::string name, pid_t pid, Fd input, std::filesystem::path out, std::filesystem::path log)
      : name_(std::move(name)), pid_(pid), input_(std::move(input)), out_(std::move(out)), log_(std::move(log)) {}
  bool reap(bool wait);

  std::string name_;
  pid_t pid_;
  Fd input_;  // its standard input: it ends when this closes
  std::filesystem::path out_, log_;
  std::optional<int> status_;
};

}  // namespace yagura::app::bench

// A real nats-server on loopback: credentials on, JetStream in a folder of its own, stopped and gone with
// the object. TLS when given a certificate.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <string>
#include <thread>

namespace yagura::testing_support {

class NatsServer {
 public:
  static constexpr const char* kUser = "desk";
  static constexpr const char* kPassword = "not-for-the-log";

  // False where there is no nats-server: such tests are skipped.
  static bool available() { return ::system("nats-server --version >/dev/null 2>&1") == 0; }

  explicit NatsServer(std::string extra = {}) : extra_(std::move(extra)) {
    std::string name = (std::filesystem::temp_directory_path() / "yagura-nats-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    folder_ = name;
    start();
  }
  ~NatsServer() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  NatsServer(const NatsServer&) = delete;
  NatsServer& operator=(const NatsServer&) = delete;

  [[nodiscard]] std::string url(const std::string& scheme = "nats", const std::string& host = "127.0.0.1") const {
    return scheme + "://" + host + ":" + std::to_string(port_);
  }
  // A signal takes effect some time after kill(): until then it would still answer.
  void freeze() const {
    ::kill(process_, SIGSTOP);
    ::waitpid(process_, nullptr, WUNTRACED);
  }
  void thaw() const { ::kill(process_, SIGCONT); }
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }
  // On the port it had, with what it stored.
  void start() {
    const auto config = folder_ / "server.conf";
    std::ofstream{config} << "listen: 127.0.0.1:" << (port_ == 0 ? -1 : port_) << "\n"
                          << "ports_file_dir: \"" << folder_.string() << "\"\n"
                          << "jetstream { store_dir: \"" << (folder_ / "store").string() << "\" }\n"
                          << "authorization { user: " << kUser << ", password: \"" << kPassword << "\" }\n"
                          << extra_;
    process_ = ::fork();
    if (process_ == 0) {
      const int nowhere = ::open("/dev/null", O_RDWR);
      ::dup2(nowhere, 1);
      ::dup2(nowhere, 2);
      ::execlp("nats-server", "nats-server", "-c", config.c_str(), nullptr);
      ::_exit(127);
    }
    await_port();
  }

 private:
  void await_port() {
    const auto file = folder_ / ("nats-server_" + std::to_string(process_) + ".ports");
    const std::regex address{R"(127\.0\.0\.1:(\d+))"};
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (std::chrono::steady_clock::now() < until) {
      std::ifstream in{file};
      const std::string text{std::istreambuf_iterator<char>{in}, {}};
      std::smatch found;
      if (std::regex_search(text, found, address)) {
        port_ = std::stoi(found[1]);
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    throw std::runtime_error("nats-server did not start");
  }

  std::string extra_;
  std::filesystem::path folder_;
  pid_t process_ = -1;
  int port_ = 0;
};

}  // namespace yagura::testing_support

// The paths that `yagura bench --baseline` stands its own figures beside (docs/latency.md).
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "baselines/options.hpp"

namespace yagura::baselines {

void print_listening(std::uint16_t port) {
  std::printf("listening 127.0.0.1:%u\n", unsigned{port});
  std::fflush(stdout);
}

namespace {

// "127.0.0.1:9225" into its two parts; says what is wrong with it otherwise.
std::string split_address(const std::string& text, Options& options) {
  const auto colon = text.rfind(':');
  const auto port = colon == std::string::npos ? std::string{} : text.substr(colon + 1);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos ||
      std::stoul(port) == 0 || std::stoul(port) > 65535)
    return text + ": expected ADDRESS:PORT, as 127.0.0.1:9225";
  options.feed_host = text.substr(0, colon);
  options.feed_port = static_cast<std::uint16_t>(std::stoul(port));
  return {};
}

CLI::App* add_path(CLI::App& app, const char* name, const char* what, bool can_spin, Options& options) {
  auto* path = app.add_subcommand(name, what);
  path->add_option("--feed", "ADDRESS:PORT of the feed, a WebSocket server")
      ->required()
      ->check([&options](const std::string& text) { return split_address(text, options); });
  path->add_option("--wait")
      ->description(can_spin ? "spin, or block (the default)" : "block")
      ->check([&options, can_spin](const std::string& text) -> std::string {
        options.wait = text == "spin" ? Wait::kSpin : Wait::kBlock;
        if (text == "block" || (text == "spin" && can_spin)) return {};
        return text + ": expected " + (can_spin ? "spin or block" : "block");
      });
  path->add_option("--alert-bytes", options.alert_bytes, "bytes of an alert's JSON, default 1024")
      ->check(CLI::Range(512, 65000));
  return path;
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"Paths from a feed's tick to a client's alert, to compare Yagura with", "yagura_baselines"};
  app.require_subcommand(1);
  auto* floor = add_path(app, "floor", "Fixed offsets, nothing parsed or decided", true, options);
  auto* bare = add_path(app, "bare", "Own framing and scanner, milestones, one thread", true, options);
  auto* beast =
      add_path(app, "beast_nlohmann", "Boost.Beast, nlohmann/json, two threads; waits in the kernel", false, options);
  CLI11_PARSE(app, argc, argv);
  if (*floor) run_floor(options);
  if (*bare) run_bare(options);
  if (*beast) run_beast_nlohmann(options);
  return 0;
}

}  // namespace

}  // namespace yagura::baselines

int main(int argc, char** argv) {
  try {
    return yagura::baselines::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "yagura_baselines: %s\n", error.what());
    return 1;
  }
}

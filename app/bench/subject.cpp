#include "app/bench/subject.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "app/bench/baselines.hpp"
#include "app/bench/config_text.hpp"
#include "app/bench/frames.hpp"
#include "config/load.hpp"

namespace yagura::app::bench {
namespace {

namespace fs = std::filesystem;
constexpr auto kPatience = std::chrono::seconds{20};  // a million levels take their time to load

constexpr std::string_view kProbeTable = R"(
[instrument.PROBE]
calendar = "always"
tick = "0.001"

[[rule]]
id = "probe"
kind = "milestone"
instrument = "PROBE"
step = "1"
rearm = "0.001"
cooldown = "0s"
)";

std::string feed_table(const std::vector<std::string>& symbols, std::uint16_t port) {
  auto text = fmt::format(
      "\n[[feed]]\nname = \"bench\"\nvendor = \"native\"\nurl = \"ws://127.0.0.1:{}\"\nsymbols = {{ ", port);
  for (const auto& symbol : symbols) text += fmt::format("{0} = \"{0}\", ", symbol);
  return text + "PROBE = \"PROBE\" }\n";
}

std::string level_rule(std::string_view instrument, const fs::path& file) {
  return fmt::format(
      "\n[[rule]]\nid = \"bench-levels-{2}\"\nkind = \"level\"\ninstrument = \"{0}\"\nlevels_file = \"{1}\"\n",
      instrument, file.string(), instrument == kProbe ? "probe" : "source");
}

// What the baselines watch and how: one milestone rule an instrument, a fixed band, no cooldown.
std::string same_work(const std::vector<std::string>& symbols) {
  std::string text = "[pipeline]\n\n";
  for (const auto& symbol : symbols) {
    const bool index = symbol == "NI225";
    text += fmt::format("[instrument.{}]\ncalendar = \"always\"\ntick = \"{}\"\n\n", symbol, index ? "0.01" : "0.001");
    if (!index && symbol != "USDJPY") continue;
    text += fmt::format(
        "[[rule]]\nid = \"{2}\"\nkind = \"milestone\"\ninstrument = \"{0}\"\nstep = \"{1}\"\n"
        "rearm = \"{3}\"\ncooldown = \"0s\"\n\n",
        symbol, index ? "1000" : "1", index ? "nikkei-milestone" : "yen-milestone", index ? "100" : "0.1");
  }
  return text;
}

Result<std::string> shipped_text() {
  const auto path = config::default_config_path();
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Error{path + ": cannot be read; the bench runs with its rules"};
  return text.str();
}

bool write_file(const fs::path& file, std::string_view text) {
  std::ofstream out{file, std::ios::binary};
  out << text;
  return static_cast<bool>(out.flush());
}

// From 1,000 on: far from every price that is sent.
bool write_levels(const fs::path& file, std::size_t count) {
  std::ofstream out{file, std::ios::binary};
  for (std::size_t i = 0; i < count; ++i) out << 1000 + i / 1000 << '.' << fmt::format("{:03}", i % 1000) << '\n';
  return static_cast<bool>(out.flush());
}

fs::path own_program() {
  std::error_code failed;
  return fs::read_symlink("/proc/self/exe", failed);
}

Result<Child::Options> monitor_command(const Path& path, const SubjectOptions& options, std::uint16_t feed_port,
                                       const fs::path& dir) {
  const auto shipped = shipped_text();
  if (!shipped) return shipped.error();
  const auto config = dir / "bench.toml";
  const auto levels = dir / "levels.csv";
  if ((options.levels != 0 && !write_levels(levels, options.levels / 2)) ||
      !write_file(config, monitor_config(path, options, *shipped, feed_port, levels)))
    return Error{dir.string() + ": cannot be written"};
  Child::Options command;
  command.command = {
      own_program().string(),   "run",    "--config", config.string(), "--console", "127.0.0.1:0", "--state",
      (dir / "state").string(), "--plain"};
  return command;
}

Result<Child::Options> other_command(const Path& path, const SubjectOptions& options, std::uint16_t feed_port) {
  auto command = baseline_command(path, feed_port, options.alert_bytes);
  if (!command) return command.error();
  Child::Options made;
  made.command = std::move(*command);
  return made;
}

}  // namespace

std::string monitor_config(const Path& path, const SubjectOptions& options, const std::string& shipped,
                           std::uint16_t feed_port, const fs::path& levels_file) {
  auto text = path.rules == Rules::kSameWork ? same_work(options.symbols) : without_sections(shipped, "[[feed]]");
  // Also at night the same ticks count. The dollar keeps its week: the intervention rule asks for it.
  text = with_key(text, "[instrument.NI225]", "calendar", "\"always\"");
  if (path.wait) text = with_key(text, "[pipeline]", "wait", "\"" + *path.wait + "\"");
  if (path.workers) text = with_key(text, "[pipeline]", "workers", std::to_string(*path.workers));
  if (path.wait_when_full) text = with_key(text, "[pipeline]", "on_full", "\"wait\"");
  if (path.rules == Rules::kShipped) {
    for (const auto& symbol : options.symbols) {
      if (text.find("[instrument." + symbol + "]") == std::string::npos)
        text += "\n[instrument." + symbol + "]\ncalendar = \"always\"\n";
    }
  }
  text += kProbeTable;
  if (options.levels != 0) {
    for (const auto& instrument : {options.symbols.back(), std::string{kProbe}})
      text += level_rule(instrument, levels_file);
  }
  return text + feed_table(options.symbols, feed_port);
}

Result<Subject> start_subject(const Path& path, const SubjectOptions& options, std::uint16_t feed_port,
                              const fs::path& dir) {
  std::error_code failed;
  fs::remove_all(dir, failed);
  if (!fs::create_directories(dir, failed)) return Error{dir.string() + ": " + failed.message()};
  auto command =
      path.monitor() ? monitor_command(path, options, feed_port, dir) : other_command(path, options, feed_port);
  if (!command) return command.error();
  command->out = dir / "out.txt";
  command->log = dir / "log.txt";
  command->cores = options.cores;
  auto child = Child::start(*command);
  if (!child) return child.error();
  const auto port =
      child->port_behind(path.monitor() ? "Console: http://127.0.0.1:" : "listening 127.0.0.1:", kPatience);
  if (!port) return port.error();
  return Subject{std::move(*child), *port};
}

}  // namespace yagura::app::bench

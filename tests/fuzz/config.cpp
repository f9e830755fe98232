// Fuzz target of the configuration: either settings, or problems of one line each that name the file.
#include <cstdint>
#include <fstream>
#include <iterator>

#include "config/load.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace yagura::config {
namespace {

using fuzz::require;

void run(std::string_view text) {
  const auto loaded = load_text(text, "fuzz.toml");
  for (const auto& problem : loaded.problems) {
    require(problem.starts_with("fuzz.toml"), "a problem of no file");
    require(problem.find('\n') == std::string::npos, "a problem of two lines");
  }
  require(load_text(text, "fuzz.toml").problems == loaded.problems, "other problems the second time");
}

}  // namespace
}  // namespace yagura::config

// The shipped file.
std::vector<std::string> yagura::fuzz::fuzz_seeds() {
  std::ifstream file{YAGURA_ROOT "/config/yagura.toml"};
  return {{std::istreambuf_iterator<char>{file}, {}}};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  yagura::config::run({reinterpret_cast<const char*>(data), size});
  return 0;
}

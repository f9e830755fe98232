#include "app/screen_options.hpp"

#include <cstdlib>
#include <string_view>

namespace yagura::app {
namespace {

// What the locale's messages are in, by the first of these that is set.
std::string_view locale_of_messages() {
  for (const char* const name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

}  // namespace

console::terminal::Painter::Options painter_options(const ScreenOptions& options) {
  return {.ascii = options.ascii, .colour = std::getenv("NO_COLOR") == nullptr, .red_is_up = options.red_up};
}

console::terminal::Lang language(const ScreenOptions& options) {
  const bool japanese = options.lang.empty() ? locale_of_messages().starts_with("ja") : options.lang == "ja";
  return japanese ? console::terminal::Lang::kJapanese : console::terminal::Lang::kEnglish;
}

}  // namespace yagura::app

#include <algorithm>
#include <iostream>
#include <string_view>

#include "app/commands.hpp"
#include "feeds/clean_text.hpp"

namespace yagura::app {

int complain(int code, const std::string& message) {
  std::size_t from = 0;
  while (from <= message.size()) {
    const auto end = std::min(message.find('\n', from), message.size());
    std::cerr << "yagura: " << feeds::clean_text(std::string_view{message}.substr(from, end - from), 2000) << '\n';
    from = end + 1;
  }
  return code;
}

}  // namespace yagura::app

#include "console/client_message.hpp"

#include <fmt/format.h>
#include <simdjson.h>

namespace yagura::console {

Result<Resume> parse_client_message(std::string_view text) {
  constexpr std::string_view kExample = R"({"type":"resume","after":17})";
  thread_local simdjson::dom::parser parser;
  simdjson::dom::object message;
  if (parser.parse(text.data(), text.size()).get(message) != simdjson::SUCCESS) {
    return Error{fmt::format("not a JSON object; expected {}", kExample)};
  }
  std::string_view type;
  if (message["type"].get(type) != simdjson::SUCCESS) return Error{fmt::format("no type; expected {}", kExample)};
  if (type != "resume") return Error{fmt::format("unknown type '{:.40}'; expected {}", type, kExample)};
  std::uint64_t after = 0;
  if (message["after"].get(after) != simdjson::SUCCESS) {
    return Error{fmt::format("resume: after is not a whole number from 0; expected {}", kExample)};
  }
  return Resume{after};
}

}  // namespace yagura::console

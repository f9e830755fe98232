#include "console/client_message.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "alerts/names.hpp"

namespace yagura::console {
namespace {

constexpr std::size_t kMostIds = 1'000;

bool read_ids(const simdjson::simdjson_result<simdjson::dom::element>& field, std::vector<Id128>& ids) {
  simdjson::dom::array list;
  if (field.get(list) != simdjson::SUCCESS || list.size() > kMostIds) return false;
  for (const auto entry : list) {
    std::string_view text;
    const auto id = entry.get(text) == simdjson::SUCCESS ? alerts::parse_id(text) : std::nullopt;
    if (!id) return false;
    ids.push_back(*id);
  }
  return true;
}

}  // namespace

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
  Resume resume{after, std::nullopt, {}};
  if (const auto epoch = message["epoch"]; epoch.error() == simdjson::SUCCESS) {
    std::int64_t number = 0;
    if (epoch.get(number) != simdjson::SUCCESS || number < 0)
      return Error{"resume: epoch is not a whole number from 0; expected that of hello"};
    resume.epoch = number;
  }
  if (const auto ids = message["ids"]; ids.error() == simdjson::SUCCESS) {
    if (!read_ids(ids, resume.ids))
      return Error{fmt::format("resume: ids is no list of at most {} ids of 32 hexadecimal digits", kMostIds)};
  }
  return resume;
}

}  // namespace yagura::console

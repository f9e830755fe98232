// yagura level: price levels of a running monitor.
#include <cstdio>
#include <cstdlib>

#include <simdjson.h>

#include "app/commands.hpp"
#include "app/http_client.hpp"
#include "app/start_up.hpp"
#include "core/json_writer.hpp"

namespace yagura::app {
namespace {

constexpr const char* kPath = "/api/v1/levels";

int print_levels(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::array levels;
  if (parser.parse(body)["levels"].get(levels) != simdjson::SUCCESS)
    return complain(kFailed, "the monitor's answer is no list of levels");
  for (const auto level : levels) {
    const auto text = [&](const char* key) { return std::string(level[key].get_string().value()); };
    std::string line = text("instrument") + " " + text("price") + "  " + text("rule");
    if (level["once"].get_bool().value()) line += "  once";
    if (level["configured"].get_bool().value()) line += "  (configured)";
    if (const auto note = text("note"); !note.empty()) line += "  " + note;
    std::puts(line.c_str());
  }
  return kDone;
}

std::string body_of(const LevelCommandOptions& options) {
  std::string body;
  JsonWriter json{body};
  json.begin_object().field("instrument", options.instrument).field("price", options.price);
  if (!options.rule.empty()) json.field("rule", options.rule);
  if (!options.note.empty()) json.field("note", options.note);
  if (options.once) json.field("once", true);
  json.end_object();
  return body;
}

}  // namespace

int level(const LevelCommandOptions& options) {
  const char* environment = std::getenv("YAGURA_TOKEN");
  const std::string token = environment == nullptr ? "" : environment;
  const bool listing = options.verb == "list";
  const auto method = listing ? "GET" : options.verb == "add" ? "POST" : "DELETE";
  const auto answer = http_request(options.console, method, kPath, listing ? "" : body_of(options), token);
  if (!answer) return complain(kFailed, answer.error().message);
  if (answer->status >= 400) return complain(answer->status == 400 ? kUsage : kFailed, error_of(*answer));
  if (listing) return print_levels(answer->body);
  std::printf("%s %s %s\n", options.verb == "add" ? "added" : "removed", options.instrument.c_str(),
              options.price.c_str());
  return kDone;
}

}  // namespace yagura::app

// ntfy, by its JSON form: to the server's root, the topic inside.
#include <algorithm>

#include "alerts/channels/chat_text.hpp"
#include "alerts/channels/http_channel.hpp"
#include "alerts/channels/http_kinds.hpp"
#include "core/json_writer.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kTitleLimit = 250;
constexpr std::size_t kMessageLimit = 4096;  // bytes; what is longer becomes an attachment

struct Look {
  int priority;  // 1 to 5
  std::string_view tag;
};

Look look_of_letter(const Letter& letter) {
  if (letter.purpose == Letter::Purpose::kTest) return {3, "test_tube"};
  if (letter.purpose == Letter::Purpose::kResolved) return {2, "white_check_mark"};
  switch (letter.severity) {
    case Severity::kCritical: return {5, "rotating_light"};
    case Severity::kHigh: return {4, "warning"};
    case Severity::kLow: return {3, "bell"};
    case Severity::kInfo: break;
  }
  return {2, "information_source"};
}

class Ntfy final : public HttpChannel {
 public:
  Ntfy(Place place, std::string topic, const std::string& token)
      : HttpChannel(std::move(place)),
        topic_(std::move(topic)),
        authorization_(token.empty() ? std::string{} : "Bearer " + token) {}

 private:
  [[nodiscard]] Post write(const Letter& letter) const override {
    const auto look = look_of_letter(letter);
    const auto id = "\nid " + short_id(letter);
    Post post;
    if (!authorization_.empty()) post.headers.emplace_back("Authorization", authorization_);
    JsonWriter json{post.body};
    json.begin_object().field("topic", topic_);
    json.field("title", cut(headline(letter), kTitleLimit, LengthUnit::kBytes));
    json.field("message", cut(body_lines(letter), kMessageLimit - id.size(), LengthUnit::kBytes) + id);
    json.field("priority", look.priority).key("tags").begin_array().value(look.tag).end_array();
    if (const auto link = acknowledge_link(letter); !link.empty()) {
      json.field("click", link).key("actions").begin_array().begin_object();
      json.field("action", "view").field("label", acknowledge_label(letter.language)).field("url", link);
      json.end_object().end_array();
    }
    json.end_object();
    return post;
  }

  std::string topic_, authorization_;
};

bool is_topic(std::string_view topic) {
  constexpr std::size_t kLongest = 64;
  return !topic.empty() && topic.size() <= kLongest && std::ranges::all_of(topic, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

Result<std::unique_ptr<Channel>> make(const NtfyChannel& options) {
  if (!is_topic(options.topic)) return Error{"topic: 1 to 64 letters, digits, - and _"};
  std::string token;
  if (options.token.source.given() || !options.token.value.empty()) {
    auto usable = usable_token("token", options.token);
    if (!usable) return usable.error();
    token = std::move(*usable);
  }
  auto url = api_url("server", options.server, "/");
  if (!url) return url.error();
  std::vector<std::string> secrets;
  if (!token.empty()) secrets.push_back(token);
  auto place = open_place(std::move(*url), options.http, std::move(secrets));
  if (!place) return place.error();
  return std::unique_ptr<Channel>{std::make_unique<Ntfy>(std::move(*place), options.topic, token)};
}

}  // namespace yagura::alerts

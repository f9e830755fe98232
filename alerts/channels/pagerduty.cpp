// PagerDuty, by its Events API v2: an incident for each episode.
#include "alerts/channels/chat_text.hpp"
#include "alerts/channels/http_channel.hpp"
#include "alerts/channels/http_kinds.hpp"
#include "alerts/plain_text.hpp"
#include "core/json_writer.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kSummaryLimit = 1024;  // characters
constexpr std::size_t kTextLimit = 8000;
constexpr std::size_t kNameLimit = 100;
constexpr std::size_t kAlertLimit = std::size_t{256} << 10;  // bytes; an event may have 512 KiB

std::string_view action_of(const Letter& letter) {
  if (letter.purpose == Letter::Purpose::kAcknowledged) return "acknowledge";
  return letter.purpose == Letter::Purpose::kResolved ? "resolve" : "trigger";
}

std::string_view severity_of(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return "critical";
    case Severity::kHigh: return "error";
    case Severity::kLow: return "warning";
    case Severity::kInfo: break;
  }
  return "info";
}

class PagerDuty final : public HttpChannel {
 public:
  PagerDuty(Place place, std::string routing_key)
      : HttpChannel(std::move(place)), routing_key_(std::move(routing_key)) {}

 private:
  [[nodiscard]] Post write(const Letter& letter) const override {
    const auto episode = letter.episode.empty() ? letter.id : letter.episode;
    const auto action = action_of(letter);
    Post post;
    JsonWriter json{post.body};
    json.begin_object().field("routing_key", routing_key_).field("event_action", action);
    json.field("dedup_key", to_string(episode));
    if (action == "trigger") {
      write_payload(json, letter);
      json.field("client", "Yagura");
      if (const auto link = acknowledge_link(letter); !link.empty()) {
        json.key("links").begin_array().begin_object();
        json.field("href", link).field("text", acknowledge_label(letter.language)).end_object().end_array();
      }
    }
    json.end_object();
    return post;
  }

  static std::string name(std::string_view text) { return printable(text, kNameLimit); }

  static void write_payload(JsonWriter& json, const Letter& letter) {
    json.key("payload").begin_object();
    json.field("summary", cut(headline(letter), kSummaryLimit, LengthUnit::kUtf16));
    json.field("source", letter.instrument.empty() ? "yagura" : name(letter.instrument));
    json.field("severity", severity_of(letter.severity));
    if (letter.ts_event != Timestamp{}) json.field("timestamp", format_utc(letter.ts_event));
    json.field("group", name(letter.kind)).field("class", name(letter.event));
    json.key("custom_details").begin_object();
    json.field("text", cut(body_lines(letter), kTextLimit, LengthUnit::kUtf16)).field("id", to_string(letter.id));
    if (!letter.json.empty() && letter.json.size() <= kAlertLimit) json.key("alert").raw(letter.json);
    json.end_object().end_object();
  }

  [[nodiscard]] Attempt judge(const HttpAnswer& answer) const override {
    constexpr int kTaken = 202;
    auto made = judge_status(answer);
    if (made.result == Attempt::Result::kDelivered && answer.status != kTaken) made.result = Attempt::Result::kFailed;
    return made;
  }

  std::string routing_key_;
};

}  // namespace

Result<std::unique_ptr<Channel>> make(const PagerDutyChannel& options) {
  const auto key = usable_token("routing_key", options.routing_key);
  if (!key) return key.error();
  auto url = api_url("api", options.api, "/v2/enqueue");
  if (!url) return url.error();
  auto place = open_place(std::move(*url), options.http, {*key});
  if (!place) return place.error();
  return std::unique_ptr<Channel>{std::make_unique<PagerDuty>(std::move(*place), *key)};
}

}  // namespace yagura::alerts

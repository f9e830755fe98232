// LINE, by a push of the Messaging API, which drops what it has seen under the same retry key.
#include "alerts/channels/chat_text.hpp"
#include "alerts/channels/http_channel.hpp"
#include "alerts/channels/http_kinds.hpp"
#include "core/json_writer.hpp"

namespace yagura::alerts {
namespace {

// 5,000 for a text message; the rest is for line ends, the link and the id.
constexpr std::size_t kTitleLimit = 256;
constexpr std::size_t kTextLimit = 4000;

// The id, but for what is said under an id that has been used: that would be dropped for a day.
Id128 key_of(const Letter& letter) {
  const bool again = letter.purpose == Letter::Purpose::kReminder || letter.purpose == Letter::Purpose::kResolved ||
                     letter.purpose == Letter::Purpose::kAcknowledged || letter.event == "withdrawn";
  if (!again) return letter.id;
  return Fnv128{}
      .number(letter.id.hi)
      .number(letter.id.lo)
      .number(static_cast<std::uint64_t>(letter.purpose))
      .number(static_cast<std::uint64_t>(letter.reminder))
      .bytes(letter.event)
      .value();
}

// 8-4-4-4-12.
std::string uuid_text(Id128 id) {
  auto text = to_string(id);
  for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, "-");
  return text;
}

class Line final : public HttpChannel {
 public:
  Line(Place place, std::string token, std::string to)
      : HttpChannel(std::move(place)), authorization_("Bearer " + token), to_(std::move(to)) {}

 private:
  [[nodiscard]] Post write(const Letter& letter) const override {
    auto text = cut(headline(letter), kTitleLimit, LengthUnit::kUtf16) + "\n" +
                cut(body_lines(letter), kTextLimit, LengthUnit::kUtf16) + "\n";
    if (const auto link = acknowledge_link(letter); !link.empty())
      text.append(acknowledge_label(letter.language)).append(": ").append(link).append("\n");
    text += "id " + short_id(letter);
    Post post{{{"Authorization", authorization_}, {"X-Line-Retry-Key", uuid_text(key_of(letter))}}, {}};
    JsonWriter json{post.body};
    json.begin_object().field("to", to_).key("messages").begin_array();
    json.begin_object().field("type", "text").field("text", text).end_object();
    json.end_array().end_object();
    return post;
  }

  [[nodiscard]] Attempt judge(const HttpAnswer& answer) const override {
    constexpr int kSeenBefore = 409;
    auto made = judge_status(answer);
    if (answer.status == kSeenBefore) made = {Attempt::Result::kDelivered, "409 Conflict: taken before", {}};
    // The month's messages are spent: no wait of ours will help.
    if (answer.status == 429 && answer.body.find("monthly limit") != std::string::npos)
      made = {Attempt::Result::kRefused, made.detail, {}};
    return made;
  }

  std::string authorization_, to_;
};

}  // namespace

Result<std::unique_ptr<Channel>> make(const LineChannel& options) {
  const auto token = usable_token("token", options.token);
  if (!token) return token.error();
  if (options.to.empty()) return Error{"to: empty; the id of a user, a group or a room"};
  auto url = api_url("api", options.api, "/v2/bot/message/push");
  if (!url) return url.error();
  auto place = open_place(std::move(*url), options.http, {*token});
  if (!place) return place.error();
  return std::unique_ptr<Channel>{std::make_unique<Line>(std::move(*place), *token, options.to)};
}

}  // namespace yagura::alerts

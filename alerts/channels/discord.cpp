// Discord, by a webhook: one embed, nobody mentioned, every character of markdown escaped.
#include <algorithm>

#include "alerts/channels/chat_text.hpp"
#include "alerts/channels/http_channel.hpp"
#include "alerts/channels/http_kinds.hpp"
#include "alerts/channels/severity_look.hpp"
#include "core/json_writer.hpp"
#include "core/net/retry_after.hpp"

namespace yagura::alerts {
namespace {

// Of an embed. Discord counts the backslashes, too.
constexpr std::size_t kTitleLimit = 256;
constexpr std::size_t kTextLimit = 4096;

// A backslash before a punctuation mark makes it one. Some marks mean something only where a line begins.
class Markdown {
 public:
  std::string operator()(std::string_view character, std::string_view rest) {
    constexpr std::string_view kAlways = "\\*_~`|[]()<>#@";
    const char c = character.front();
    const bool is_digit = c >= '0' && c <= '9';
    const bool list_or_number = (c == '-' || c == '+') ? line_begins_ : c == '.' && only_digits_;
    const bool link = c == ':' && rest.starts_with("//");
    if (c != ' ') {
      only_digits_ = is_digit && (line_begins_ || only_digits_);
      line_begins_ = c == '\n';
    }
    const bool escapes = kAlways.find(c) != std::string_view::npos || list_or_number || link;
    return (escapes ? "\\" : "") + std::string{character};
  }

 private:
  bool line_begins_ = true;
  bool only_digits_ = false;
};

std::optional<Duration> seconds_in(const HttpAnswer& answer, std::string_view header) {
  return net::parse_seconds(answer.header(header));
}

class Discord final : public HttpChannel {
 public:
  using HttpChannel::HttpChannel;

 private:
  [[nodiscard]] Post write(const Letter& letter) const override {
    const auto link = acknowledge_link(letter);
    const auto label = acknowledge_label(letter.language);
    const auto way = link.empty() ? std::string{} : "\n[" + std::string{label} + "](" + link + ")";
    Post post;
    JsonWriter json{post.body};
    json.begin_object().key("allowed_mentions").begin_object().key("parse").begin_array().end_array().end_object();
    json.key("embeds").begin_array().begin_object();
    json.field("title", cut(headline(letter), kTitleLimit, LengthUnit::kUtf16, Markdown{}));
    json.field("description", cut(body_lines(letter), kTextLimit - way.size(), LengthUnit::kUtf16, Markdown{}) + way);
    json.field("color", look_of(letter).rgb);
    json.key("footer").begin_object().field("text", "id " + short_id(letter)).end_object();
    if (letter.ts_event != Timestamp{}) json.field("timestamp", format_utc(letter.ts_event));
    json.end_object().end_array().end_object();
    return post;
  }

  [[nodiscard]] Attempt judge(const HttpAnswer& answer) const override {
    constexpr double kUnknownWebhook = 10015;
    auto made = judge_status(answer);
    if (answer.status == 404 && number_in(answer.body, "/code") == kUnknownWebhook)
      made.result = Attempt::Result::kGone;
    if (answer.status == 429) {
      // Three places say it, the body to the millisecond.
      auto wait = std::max(made.retry_after, seconds_in(answer, "X-RateLimit-Reset-After"));
      if (const auto seconds = number_in(answer.body, "/retry_after"); seconds && *seconds >= 0 && *seconds < 1e5)
        wait = std::max(wait, std::optional<Duration>{std::chrono::ceil<std::chrono::milliseconds>(
                                  std::chrono::duration<double>{*seconds})});
      made.retry_after = wait;
    } else if (made.result == Attempt::Result::kDelivered && answer.header("X-RateLimit-Remaining") == "0") {
      made.retry_after = seconds_in(answer, "X-RateLimit-Reset-After");  // the next one would be too many
    }
    return made;
  }
};

}  // namespace

Result<std::unique_ptr<Channel>> make(const DiscordChannel& options) {
  auto url = hook_url(options.url, options.plain_url);
  if (!url) return url.error();
  auto secrets = secrets_of(*url);
  // Without it the answer comes before the message is kept, and says nothing.
  url->target += url->target.find('?') == std::string::npos ? "?wait=true" : "&wait=true";
  auto place = open_place(std::move(*url), options.http, std::move(secrets));
  if (!place) return place.error();
  return std::unique_ptr<Channel>{std::make_unique<Discord>(std::move(*place))};
}

}  // namespace yagura::alerts
